using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
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
    // Section 4: three scales per octave, three ratios, on levels P3 to P7.
    private static readonly AnchorGeneratorOptions s_anchors = new()
    {
        Strides = [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128)],
        Ratios = [0.5f, 1, 2],
        OctaveBaseScale = 4,
        ScalesPerOctave = 3,
    };

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
        _classConvs = RegisterChild("cls_convs", ConvTower.Make(
            options.InChannels, options.Channels, options.StackedConvs, options.Norm));
        _boxConvs = RegisterChild("reg_convs", ConvTower.Make(
            options.InChannels, options.Channels, options.StackedConvs, options.Norm));
        _classes = RegisterChild("retina_cls", new Conv2d(last, options.AnchorsPerPlace * options.ScoreCount, geometry));
        _boxes = RegisterChild("retina_reg", new Conv2d(last, options.AnchorsPerPlace * 4, geometry));
    }

    /// <summary>Reads <c>RetinaHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        LayerConfig.RequirePlainConvolution(reader);
        var anchorNode = reader.NodeOrNull("anchor_generator");
        var anchors = anchorNode is null ? new AnchorGenerator(s_anchors) : context.Parts.Anchors.Build(anchorNode);
        var (head, parts) = AnchorHeadOptions.FromConfig(reader, context, anchors);
        var defaults = new RetinaHeadOptions
        {
            InChannels = reader.Positive("in_channels"),
            AnchorsPerPlace = anchors.AnchorsPerPlace[0],
            ScoreCount = head.ScoreCount,
        };
        var options = defaults with
        {
            Channels = reader.Positive("feat_channels", defaults.Channels),
            StackedConvs = reader.NotNegative("stacked_convs", defaults.StackedConvs),
            Norm = LayerConfig.Norm(reader),
        };
        options.Norm?.RequireDivisors(new("RetinaHead", reader.Error), options.Channels);
        return new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", [options.InChannels], inputs);
                MapLevel.RequireStrides(
                    anchorNode ?? reader, anchorNode is null ? "anchor_generator" : "strides",
                    [.. anchors.Strides.Select(stride => stride.X)], inputs);
            },
            () => new DenseHead(new RetinaHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W) of each level.</returns>
    public override MapSet Forward(Tensor[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new(
            ("cls_score", Array.ConvertAll(features, feature => Predict(_classConvs, _classes, feature))),
            ("bbox_pred", Array.ConvertAll(features, feature => Predict(_boxConvs, _boxes, feature))));
    }

    /// <summary>Section 4.1: kernels normal with deviation 0.01; an object has probability 0.01.</summary>
    public override void InitWeights(Generator generator)
    {
        ConvTower.InitWeights(_classConvs, generator);
        ConvTower.InitWeights(_boxConvs, generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_boxes, generator);
    }

    private static Tensor Predict(Sequential convs, Conv2d last, Tensor feature)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(last.Call(convs.Call(feature)));
    }
}

/// <summary>The layers of a <see cref="RetinaHead"/>.</summary>
public sealed record RetinaHeadOptions
{
    /// <summary>Channels of the neck's maps.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the stacked convolutions: <c>feat_channels</c>.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Layers of each of the two branches, before the last one.</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>Anchors per place, A.</summary>
    public required int AnchorsPerPlace { get; init; }

    /// <summary>Scores per anchor: K with sigmoids, K + 1 with a softmax over background too.</summary>
    public required int ScoreCount { get; init; }

    /// <summary>The norm behind each convolution; null for none, as in the paper.</summary>
    public NormOptions? Norm { get; init; }
}
