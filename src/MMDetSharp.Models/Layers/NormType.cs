namespace MMDetSharp.Models.Layers;

/// <summary>How a layer normalises its maps; the reference's names are beside them.</summary>
public enum NormType
{
    /// <summary>Over batch and places (BN, BN2d; SyncBN, whose processes we do not join: each has its own batch).</summary>
    Batch,

    /// <summary>Over places and groups of channels (GN).</summary>
    Group,
}
