namespace MMDetSharp.Models.Layers;

/// <summary>How a layer normalises its maps; the reference's names are beside them.</summary>
public enum NormType
{
    /// <summary>Over batch and places (BN, BN2d, and SyncBN: each process has statistics of its own).</summary>
    Batch,

    /// <summary>Over places and groups of channels (GN).</summary>
    Group,
}
