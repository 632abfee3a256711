namespace MMDetSharp.Torch.Optimizers;

/// <summary>The options of <see cref="RmsProp"/>; PyTorch's defaults.</summary>
public sealed record RmsPropOptions
{
    /// <summary>The share of the old mean of squared gradients that stays, in [0, 1).</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The share of the last step's direction that stays, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the variance of the gradient is taken instead of its mean square.</summary>
    public bool Centered { get; init; }
}
