namespace MMDetSharp.Torch.Optimizers;

/// <summary>The options of <see cref="Sgd"/>; PyTorch's defaults.</summary>
public sealed record SgdOptions
{
    /// <summary>The share of the last step's direction that stays, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>How much the gradient is damped when it joins the momentum.</summary>
    public double Dampening { get; init; }

    /// <summary>Whether to look ahead: Sutskever et al. 2013. Needs momentum and no dampening.</summary>
    public bool Nesterov { get; init; }
}
