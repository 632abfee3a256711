using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers;

/// <summary>A normalisation layer: the reference's <c>norm_cfg</c>.</summary>
public sealed record NormOptions
{
    /// <summary>Batch norm or group norm.</summary>
    public NormType Type { get; init; } = NormType.Batch;

    /// <summary>Groups of channels, for <see cref="NormType.Group"/>.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The weight of a batch in the running statistics, for <see cref="NormType.Batch"/>.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>Whether scale and shift are learned.</summary>
    public bool RequiresGradients { get; init; } = true;

    /// <summary>The layer's name in checkpoint keys: <c>bn</c> or <c>gn</c>.</summary>
    public string Key => Type == NormType.Batch ? "bn" : "gn";

    /// <summary>Builds the norm layer.</summary>
    /// <param name="channels">C of its (B, C, H, W) input.</param>
    public Layer Create(int channels)
    {
        Layer layer = Type == NormType.Batch
            ? new BatchNorm2d(channels, Epsilon, Momentum)
            : new GroupNorm(Groups, channels, Epsilon);
        if (!RequiresGradients)
        {
            layer.RequireGradients(false);
        }

        return layer;
    }

    /// <summary>Fails unless the layer can stand behind layers of so many channels.</summary>
    /// <param name="check">Of the part that has the layers; it names the option <c>norm_cfg</c>.</param>
    /// <param name="channels">The channels of each of them.</param>
    internal void RequireDivisors(OptionCheck check, params IEnumerable<int> channels)
    {
        foreach (var count in Type == NormType.Group ? channels : [])
        {
            check.Require(
                Groups > 0 && count % Groups == 0,
                "norm_cfg", $"must have num_groups that divide the layer's {count} channels", Groups);
        }
    }
}

/// <summary>How a layer normalises its maps; the reference's names are beside them.</summary>
public enum NormType
{
    /// <summary>Over batch and places (BN, BN2d, and SyncBN: each process has statistics of its own).</summary>
    Batch,

    /// <summary>Over places and groups of channels (GN).</summary>
    Group,
}
