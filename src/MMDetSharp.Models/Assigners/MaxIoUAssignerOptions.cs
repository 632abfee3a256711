namespace MMDetSharp.Models.Assigners;

/// <summary>The thresholds of a <see cref="MaxIoUAssigner"/>.</summary>
public sealed record MaxIoUAssignerOptions
{
    /// <summary>From this overlap with an object on, a box is positive.</summary>
    public required double PositiveIoU { get; init; }

    /// <summary>A box is background when its largest overlap is in [From, To).</summary>
    public required (double From, double To) NegativeIoU { get; init; }

    /// <summary>From this overlap on, the best boxes of an object are positive even below <see cref="PositiveIoU"/>.</summary>
    public double MinPositiveIoU { get; init; }

    /// <summary>Whether all boxes that overlap an object best become positive, or only the first of them.</summary>
    public bool AssignAllBest { get; init; } = true;

    /// <summary>Boxes that overlap an ignored box more are neither positive nor background; 0 or less: none.</summary>
    public double IgnoreIoF { get; init; } = -1;

    /// <summary>Whether that overlap is a part of the box, or of the ignored box.</summary>
    public bool IgnoreRelativeToCandidates { get; init; } = true;

    /// <summary>Whether an object's best boxes become positive even below <see cref="PositiveIoU"/>.</summary>
    public bool MatchLowQuality { get; init; } = true;
}
