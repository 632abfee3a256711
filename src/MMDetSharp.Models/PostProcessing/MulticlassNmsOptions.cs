namespace MMDetSharp.Models.PostProcessing;

/// <summary>How the scores of all classes become the objects of a picture.</summary>
public sealed record MulticlassNmsOptions
{
    /// <summary>Only higher scores count.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How overlapping boxes are thinned out.</summary>
    public NmsOptions Nms { get; init; } = new();

    /// <summary>At most so many objects; 0 or less: any number.</summary>
    public int MaxPerImage { get; init; } = 100;
}
