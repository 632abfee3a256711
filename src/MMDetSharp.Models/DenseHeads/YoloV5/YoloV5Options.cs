using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// What a YOLOv5 network consists of: its yaml file, and what the file leaves to the program's version.
/// </summary>
public sealed record YoloV5Options
{
    /// <summary>The number of classes, K: <c>nc</c>.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The factor of repeated blocks: <c>depth_multiple</c>.</summary>
    public double DepthMultiple { get; init; } = 1;

    /// <summary>The factor of channels: <c>width_multiple</c>.</summary>
    public double WidthMultiple { get; init; } = 1;

    /// <summary>Channels of the images: <c>ch</c>.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>(L) the anchors of each output map, the finest first, in pixels of the network's input.</summary>
    public required IReadOnlyList<IReadOnlyList<(float Width, float Height)>> Anchors { get; init; }

    /// <summary>The rows from the image to the last map of the backbone.</summary>
    public required IReadOnlyList<YoloV5Row> Backbone { get; init; }

    /// <summary>The rows after it; the last one is <c>Detect</c>.</summary>
    public required IReadOnlyList<YoloV5Row> Head { get; init; }

    /// <summary>The batch norm behind every convolution.</summary>
    public NormOptions Norm { get; init; } = new() { Epsilon = 1e-3, Momentum = 0.03 };

    /// <summary>Behind every norm: LeakyReLU(0.1) in v3.0, hard swish in v3.1, SiLU since v4.0.</summary>
    public ActivationOptions Activation { get; init; } = new() { Type = ActivationType.Silu };

    /// <summary>Behind the joined branches of a <c>BottleneckCSP</c>: LeakyReLU(0.1) up to v6.2, then SiLU.</summary>
    public ActivationOptions CspActivation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>A * (5 + K): channels of each output map.</summary>
    internal int OutputChannels => Anchors[0].Count * (5 + ClassCount);
}
