using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// The last two convolutions of each level: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, section 2.3. The reference's
/// <c>YOLOV3Head</c>. Keys: convs_bridge.N.*, convs_pred.N.*.
/// </summary>
public sealed class YoloHead : HeadNetwork, IDarknetHead
{
    private readonly ModuleList<ConvModule> _bridges;
    private readonly ModuleList<Conv2d> _predictions;

    /// <param name="options">Channels of the maps, and predictions per cell.</param>
    public YoloHead(YoloHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _bridges = RegisterChild("convs_bridge", new ModuleList<ConvModule>(
            options.InChannels.Zip(options.OutChannels, (input, output) => new ConvModule(
                input, output, new() { Kernel = 3, Padding = 1, Norm = options.Norm, Activation = options.Activation }))));
        _predictions = RegisterChild("convs_pred", new ModuleList<Conv2d>(
            options.OutChannels.Select(output => new Conv2d(output, options.Predictions, new() { Kernel = 1 }))));
    }

    IReadOnlyList<IReadOnlyList<Module>> IDarknetHead.DarknetLevels =>
        [.. _bridges.Zip(_predictions, (bridge, prediction) => new Module[] { bridge, prediction })];

    /// <summary>Reads <c>YOLOV3Head</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        LayerConfig.RequirePlainConvolution(reader);
        var config = YoloHeadConfig.Read(reader, context);
        var defaults = new YoloHeadOptions
        {
            InChannels = config.Channels("in_channels"),
            OutChannels = config.Channels("out_channels", [1024, 512, 256]),
            Predictions = config.Predictions,
        };
        var options = defaults with
        {
            Norm = LayerConfig.NormOr(reader, defaults.Norm),
            Activation = LayerConfig.ActivationOr(reader, defaults.Activation),
        };
        options.Norm?.RequireDivisors(new("YOLOV3Head", reader.Error), options.OutChannels);
        return config.Plan(options.InChannels, () => new YoloHead(options));
    }

    /// <inheritdoc/>
    /// <returns><c>pred_map</c> (B, A (5 + K), H, W) of each level.</returns>
    public override MapSet Forward(Tensor[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new(("pred_map", [.. features.Select(Predict)]));
    }

    /// <summary>The bridges as all layers with a norm; the last kernels normal with deviation 0.01, biases 0.</summary>
    public override void InitWeights(Generator generator)
    {
        _bridges.InitWeights(generator);
        foreach (var prediction in _predictions)
        {
            Initializers.Normal(prediction.Weight, 0, 0.01, generator);
            Initializers.Constant(prediction.Bias!, 0);
        }
    }

    private Tensor Predict(Tensor feature, int level)
    {
        using var bridge = _bridges[level].Call(feature);
        return _predictions[level].Call(bridge);
    }
}

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
