namespace MMDetSharp.Torch.Optimizers;

/// <summary>The options of <see cref="Adam"/>; PyTorch's defaults.</summary>
public sealed record AdamOptions
{
    /// <summary>The decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay of the mean of squared gradients, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether the denominator never falls: Reddi et al., arXiv:1904.09237.</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Whether weight decay shrinks the parameters directly (AdamW, arXiv:1711.05101).</summary>
    public bool DecoupledWeightDecay { get; init; }
}
