namespace MMDetSharp.Models.Losses;

/// <summary>The constants of a <see cref="FocalLoss"/>.</summary>
public sealed record FocalLossOptions
{
    /// <summary>How much less well-classified examples count.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>The weight of the object's class; the others weigh one minus it.</summary>
    public double Alpha { get; init; } = 0.25;
}
