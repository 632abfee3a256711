using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.YoloV5;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>
/// YOLOv5, v3.0 to v7.0, from the rows of its yaml file: ultralytics/yolov5 (no paper). Keys are those of its files:
/// <c>model.0.conv.weight</c> ... <c>model.24.m.0.weight</c>.
/// </summary>
public sealed class YoloV5Detector : Detector
{
    private readonly YoloV5Options _options;
    private readonly YoloV5Graph _graph;
    private readonly YoloV5Decoder? _decoder;
    private readonly ICriterion? _criterion;
    private readonly NetworkPart _dense;

    /// <param name="options">The rows of backbone and head, anchors and classes.</param>
    /// <param name="decoding">How maps become objects; null: the detector cannot detect.</param>
    /// <param name="criterion">Made of the network's levels; null: the detector cannot be trained.</param>
    /// <exception cref="ArgumentException">A row is unknown or does not fit; the message names it.</exception>
    public YoloV5Detector(
        YoloV5Options options,
        YoloV5DecoderOptions? decoding = null,
        Func<IReadOnlyList<YoloLevel>, ICriterion>? criterion = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _graph = RegisterChild("model", new YoloV5Graph(options));
        Levels =
        [
            .. _graph.Strides.Select((stride, i) => new YoloLevel { Anchors = options.Anchors[i], Stride = stride }),
        ];
        _decoder = decoding is null ? null : new YoloV5Decoder(_graph.Strides, options.ClassCount, decoding);
        _criterion = criterion?.Invoke(Levels);
        _dense = new NetworkPart
        {
            Name = "YOLOv5",
            Forward = ForwardDense,
            Channels = options.InChannels,
            SizeDivisor = _graph.SizeDivisor,
        };
    }

    /// <summary>(L) anchors and strides of the output maps, the finest first.</summary>
    public IReadOnlyList<YoloLevel> Levels { get; }

    /// <inheritdoc/>
    public override int ClassCount => _options.ClassCount;

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkPart> Parts => [_dense];

    /// <inheritdoc/>
    public override Module PretrainedPart => this;

    /// <summary>Reads <c>model=dict(type='YOLOv5', ...)</c>.</summary>
    internal static YoloV5Detector FromConfig(ConfigReader reader, HeadContext context)
    {
        var options = YoloV5Options.FromConfig(reader);
        var pretrained = reader.StringOrNull("pretrained");
        reader.Ignore("init_cfg");
        var decoding = context.TestConfig is { } test ? YoloV5DecoderOptions.FromConfig(test) : null;
        var loss = reader.NodeOrNull("loss");
        Func<IReadOnlyList<YoloLevel>, ICriterion>? criterion =
            loss is null ? null : levels => context.Parts.YoloCriteria.Build(loss, levels);
        return new YoloV5Detector(options, decoding, criterion) { Pretrained = pretrained };
    }

    /// <summary>Versions up to v6.0 also wrote the anchors in pixels, <c>anchor_grid</c>.</summary>
    public override bool IsRedundant(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(".anchor_grid", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override bool IsConfigured(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(".anchors", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override void InitWeights(Generator generator)
    {
        // As the reference: PyTorch's rule for every layer.
        foreach (var (_, module) in NamedModules())
        {
            if (module is Layer { Children.Count: 0 })
            {
                module.InitWeights(generator);
            }
        }

        _graph.Detect.InitWeights(generator);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The detector was built without a loss.</exception>
    public override LossTerms ComputeLosses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var criterion = _criterion ?? throw new InvalidOperationException(
            "YOLOv5: model.loss must be given for training, the config has none. "
            + "Add loss=dict(type='YOLOv5Loss') to model.");
        using var scope = TensorScope.Begin();
        return criterion.Compute(ForwardDense(batch.Images), batch).KeepIn(scope);
    }

    /// <summary>Images to the raw maps of every level.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>
    /// <c>pred_map</c> (B, A (5 + K), H / stride, W / stride) of each level: for each anchor x, y, w, h, objectness,
    /// classes. They belong to the caller.
    /// </returns>
    /// <exception cref="ArgumentException">A side is no multiple of the largest stride.</exception>
    public MapSet ForwardDense(Tensor images)
    {
        _dense.RequireInput(images);
        return new(("pred_map", _graph.Forward(images)));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The detector was built without <c>test_cfg</c>.</exception>
    protected override Detections[] Find(Batch batch, bool rescale, IExecutor executor)
    {
        var decoder = _decoder ?? throw new InvalidOperationException(
            "YOLOv5: test_cfg must be given for detecting, the config has none. Add test_cfg to it.");
        var maps = executor.Run(_dense, batch.Images);
        return decoder.Decode(maps["pred_map"], _graph.Detect.ReadAnchors(), batch.Infos, rescale);
    }
}
