namespace MMDetSharp.Data.Datasets;

/// <summary>One <c>object</c> of a VOC annotation.</summary>
/// <param name="Name">Its class.</param>
/// <param name="IsDifficult">Marked as hard to recognise: neither a target nor a false positive.</param>
public readonly record struct VocObject(string Name, bool IsDifficult)
{
    /// <summary>Left edge as written: pixels counted from 1.</summary>
    public double XMin { get; init; }

    /// <summary>Upper edge as written: pixels counted from 1.</summary>
    public double YMin { get; init; }

    /// <summary>Right edge as written: the last pixel of the object, counted from 1.</summary>
    public double XMax { get; init; }

    /// <summary>Lower edge as written: the last pixel of the object, counted from 1.</summary>
    public double YMax { get; init; }
}
