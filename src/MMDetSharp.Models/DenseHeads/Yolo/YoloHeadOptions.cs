using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>The layers of a <see cref="YoloHead"/>; the names are the reference's.</summary>
public sealed record YoloHeadOptions
{
    /// <summary>The channels of each level that comes in.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>The channels before each level's last convolution.</summary>
    public required IReadOnlyList<int> OutChannels { get; init; }

    /// <summary>Numbers per cell: A (5 + K).</summary>
    public required int Predictions { get; init; }

    /// <summary>The norm behind each convolution but the last; null for none.</summary>
    public NormOptions? Norm { get; init; } = new();

    /// <summary>The activation behind each norm; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };
}
