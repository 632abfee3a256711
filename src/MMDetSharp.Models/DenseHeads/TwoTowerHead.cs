using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// A head of two towers of 3x3 layers, one for classes and one for boxes, shared by all levels: Lin et al.,
/// arXiv:1708.02002, section 4. What is predicted behind them is each paper's own. Keys: cls_convs.*, reg_convs.*.
/// </summary>
public abstract class TwoTowerHead : HeadNetwork
{
    private readonly TowerOptions _options;

    /// <param name="options">Channels, depth, norm.</param>
    private protected TwoTowerHead(TowerOptions options)
    {
        _options = options;
        foreach (var (key, state) in options.LossStates)
        {
            RegisterChild(key, state); // as the reference, before the layers
        }

        ClassTower = RegisterChild("cls_convs", ConvTower.Make(options));
        BoxTower = RegisterChild("reg_convs", ConvTower.Make(options));
    }

    /// <summary>The layers before scores.</summary>
    private protected Sequential ClassTower { get; }

    /// <summary>The layers before boxes.</summary>
    private protected Sequential BoxTower { get; }

    /// <summary>Section 4.1: kernels normal with deviation 0.01, biases 0. The layers behind the towers are the head's own.</summary>
    public override void InitWeights(Generator generator)
    {
        ConvTower.InitWeights(ClassTower, generator);
        ConvTower.InitWeights(BoxTower, generator);
    }

    /// <summary>Adds a 3x3 layer behind a tower.</summary>
    /// <param name="key">Its name in checkpoints.</param>
    /// <param name="outputs">Its output channels.</param>
    private protected Conv2d Predictor(string key, int outputs) =>
        RegisterChild(key, new Conv2d(_options.LastChannels, outputs, new Conv2dOptions { Kernel = 3, Padding = 1 }));
}

/// <summary>The layers of a <see cref="TwoTowerHead"/> before the last ones; the names are the reference's.</summary>
public sealed record TowerOptions
{
    /// <summary>Channels of the neck's maps.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stacked convolutions: <c>feat_channels</c>.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Layers of each tower.</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; }

    /// <summary>Whether convolutions add a bias; null: where no norm follows.</summary>
    public bool? ConvBias { get; init; }

    /// <summary>Makes the convolutions deformable: <c>conv_cfg</c>; null for the usual ones.</summary>
    public DeformOptions? Deform { get; init; }

    /// <summary>Makes the last one deformable: <c>dcn_on_last_conv</c>; null: as the others.</summary>
    public DeformOptions? LastDeform { get; init; }

    /// <summary>What the head's losses remember, by their keys: it is saved with the layers.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> LossStates { get; init; } = [];

    /// <summary>Channels behind a tower.</summary>
    internal int LastChannels => StackedConvs > 0 ? Channels : InChannels;

    /// <summary>The group norm of anchor-free heads since FCOS.</summary>
    internal static NormOptions GroupNorm { get; } = new() { Type = NormType.Group, Groups = 32 };

    /// <summary>Reads <c>in_channels</c>, <c>feat_channels</c>, <c>stacked_convs</c>, <c>norm_cfg</c>.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="missing">The norm where no <c>norm_cfg</c> is given.</param>
    internal static TowerOptions FromConfig(ConfigReader reader, NormOptions? missing = null)
    {
        var defaults = new TowerOptions { InChannels = reader.Positive("in_channels") };
        var options = defaults with
        {
            Channels = reader.Positive("feat_channels", defaults.Channels),
            StackedConvs = reader.NotNegative("stacked_convs", defaults.StackedConvs),
            Norm = LayerConfig.NormOr(reader, missing),
            Deform = LayerConfig.Convolution(reader),
        };
        if (options.StackedConvs > 0)
        {
            options.Norm?.RequireDivisors(new(reader.TypeName, reader.Error), options.Channels);
        }

        options.RequireBias(reader);
        return options;
    }

    /// <summary>Reads the keys that heads without anchors have besides: <c>conv_bias</c> and <c>dcn_on_last_conv</c>.</summary>
    /// <param name="reader">The head's node.</param>
    internal TowerOptions WithPointKeys(ConfigReader reader)
    {
        var options = this with
        {
            ConvBias = reader.BoolOrWord("conv_bias", "auto"),
            LastDeform = reader.Bool("dcn_on_last_conv", false) ? new() { IsModulated = true } : null,
        };
        options.RequireBias(reader);
        return options;
    }

    private void RequireBias(ConfigReader reader)
    {
        if (Deform is { IsModulated: false } && StackedConvs > 0 && (ConvBias ?? Norm is null))
        {
            throw reader.Error("conv_cfg", "must not be DCN where the layers have a bias. Take DCNv2, or give norm_cfg.");
        }
    }
}
