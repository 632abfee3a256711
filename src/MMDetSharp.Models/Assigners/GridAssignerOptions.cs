namespace MMDetSharp.Models.Assigners;

/// <summary>The thresholds of a <see cref="GridAssigner"/>.</summary>
public sealed record GridAssignerOptions
{
    /// <summary>A responsible anchor that overlaps an object by more than this learns it.</summary>
    public required double PositiveIoU { get; init; }

    /// <summary>Anchors whose largest overlap lies above the first and not above the second are background.</summary>
    public required (double Above, double To) NegativeIoU { get; init; }

    /// <summary>An object's best responsible anchor learns it from above this overlap on.</summary>
    public double MinPositiveIoU { get; init; }

    /// <summary>Whether all equally good anchors learn the object, or only the first.</summary>
    public bool AssignAllBest { get; init; } = true;
}
