namespace MMDetSharp.Models.Necks;

/// <summary>How the sizes of neighbouring maps relate.</summary>
public enum SizeRelation
{
    /// <summary>Anyhow: a graph traced so is right at every size.</summary>
    Any,

    /// <summary>
    /// Each map's height and width are whole multiples of the next coarser one's: a graph traced so is right, and
    /// faster, at all sizes of that kind.
    /// </summary>
    Multiples,
}
