using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// The last two convolutions of each level: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, section 2.3. The reference's
/// <c>YOLOV3Head</c>. Keys: convs_bridge.N.*, convs_pred.N.*.
/// </summary>
public sealed class YoloHead : HeadNetwork, IDarknetHead, IChannelBound
{
    private readonly ModuleList<ConvModule> _bridges;
    private readonly ModuleList<Conv2d> _predictions;

    /// <param name="options">Channels.</param>
    public YoloHead(YoloHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _bridges = RegisterChild("convs_bridge", new ModuleList<ConvModule>(
            options.InChannels.Zip(options.OutChannels, (input, output) => new ConvModule(
                input, output, new() { Kernel = 3, Padding = 1, Norm = options.Norm, Activation = options.Activation }))));
        _predictions = RegisterChild("convs_pred", new ModuleList<Conv2d>(
            options.OutChannels.Select(output => new Conv2d(output, options.Predictions, new() { Kernel = 1 }))));
    }

    IReadOnlyList<int> IChannelBound.InputChannels => [.. _bridges.Select(bridge => bridge.Conv.InChannels)];

    IReadOnlyList<IReadOnlyList<Module>> IDarknetHead.DarknetLevels =>
        [.. _bridges.Zip(_predictions, (bridge, prediction) => new Module[] { bridge, prediction })];

    /// <inheritdoc/>
    /// <returns>One output: (B, A (5 + K), H, W) of each level.</returns>
    public override Tensor[][] Forward(Tensor[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return [[.. features.Select(Predict)]];
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
