using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Necks;

/// <summary>What a <see cref="YoloV3Neck"/> consists of; the names are the reference's.</summary>
public sealed record YoloV3NeckOptions
{
    /// <summary>The channels of each of the backbone's maps, coarsest first.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>The channels of each level that comes out, coarsest first.</summary>
    public required IReadOnlyList<int> OutChannels { get; init; }

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; } = new();

    /// <summary>The activation behind each norm; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>Fails when options contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Check()
    {
        if (InChannels.Count == 0 || InChannels.Count != OutChannels.Count)
        {
            throw new ArgumentException(
                "YOLOV3Neck: in_channels and out_channels must have one entry per level, got " +
                $"{InChannels.Count} and {OutChannels.Count}. Make them as long as num_scales.");
        }
    }
}
