using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.RetinaNet;

/// <summary>
/// RetinaNet's two branches, scores and boxes, the same layers at every level: Lin et al., "Focal Loss for Dense Object
/// Detection", arXiv:1708.02002, section 4 and figure 3 (c), (d). Keys: cls_convs.*, reg_convs.*, retina_cls, retina_reg.
/// </summary>
public sealed class RetinaHead : HeadNetwork
{
    private readonly Sequential _classConvs;
    private readonly Sequential _boxConvs;
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;

    /// <param name="options">Channels and depth.</param>
    public RetinaHead(RetinaHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var last = options.StackedConvs > 0 ? options.Channels : options.InChannels;
        var geometry = new Conv2dOptions { Kernel = 3, Padding = 1 };
        _classConvs = RegisterChild("cls_convs", Branch(options));
        _boxConvs = RegisterChild("reg_convs", Branch(options));
        _classes = RegisterChild("retina_cls", new Conv2d(last, options.AnchorsPerPlace * options.ScoreCount, geometry));
        _boxes = RegisterChild("retina_reg", new Conv2d(last, options.AnchorsPerPlace * 4, geometry));
    }

    /// <inheritdoc/>
    /// <returns>Scores (B, A C, H, W) of each level, then boxes (B, A 4, H, W) of each level.</returns>
    public override Tensor[][] Forward(Tensor[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return
        [
            Array.ConvertAll(features, feature => Predict(_classConvs, _classes, feature)),
            Array.ConvertAll(features, feature => Predict(_boxConvs, _boxes, feature)),
        ];
    }

    /// <summary>
    /// Section 4.1: kernels normal with deviation 0.01; the scores' bias so that an anchor is an object with probability
    /// 0.01, or else the many easy ones would swamp the first steps.
    /// </summary>
    public override void InitWeights(Generator generator)
    {
        foreach (var module in _classConvs.Layers.Concat(_boxConvs.Layers).Cast<ConvModule>())
        {
            module.InitWeights(generator);
            Initializers.Normal(module.Conv.Weight, 0, 0.01, generator);
        }

        Initializers.Normal(_classes.Weight, 0, 0.01, generator);
        Initializers.Constant(_classes.Bias!, Initializers.BiasFromPriorProbability(0.01));
        Initializers.Normal(_boxes.Weight, 0, 0.01, generator);
        Initializers.Constant(_boxes.Bias!, 0);
    }

    private static Tensor Predict(Sequential convs, Conv2d last, Tensor feature)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(last.Call(convs.Call(feature)));
    }

    private static Sequential Branch(RetinaHeadOptions options) => new(
        Enumerable.Range(0, options.StackedConvs).Select(i => new ConvModule(
            i == 0 ? options.InChannels : options.Channels,
            options.Channels,
            new() { Kernel = 3, Padding = 1, Norm = options.Norm })));
}
