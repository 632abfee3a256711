using MMDetSharp.Core.Darknet;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>
/// The network of a Darknet <c>.cfg</c>: YOLOv2 (Redmon and Farhadi, arXiv:1612.08242), YOLOv3 (arXiv:1804.02767),
/// YOLOv4 (Bochkovskiy et al., arXiv:2004.10934) and whatever else is written in that language.
/// Keys: layers.N.conv.*, layers.N.bn.*, layers.N.weights, by the layer's number in the cfg.
/// </summary>
public sealed class DarknetDetector : Detector, IDarknetOrdered
{
    private readonly DarknetNetwork _network;
    private readonly DarknetDecoder _decoder;
    private readonly ICriterion? _criterion;
    private readonly NetworkPart _dense;

    /// <param name="network">The network; owned from now on.</param>
    /// <param name="options">Score and NMS thresholds.</param>
    /// <param name="criterion">Compares maps and objects for training; null: it cannot be trained.</param>
    internal DarknetDetector(DarknetNetwork network, DarknetDecoderOptions options, ICriterion? criterion)
    {
        _network = RegisterChild("layers", network);
        _decoder = new DarknetDecoder([.. network.Detections], options);
        _criterion = criterion;
        _dense = new NetworkPart { Name = "dense", Forward = ForwardDense, Channels = network.Input.Channels };
    }

    /// <inheritdoc/>
    public override int ClassCount => _decoder.ClassCount;

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkPart> Parts => [_dense];

    /// <inheritdoc/>
    public override Module PretrainedPart => this;

    /// <inheritdoc/>
    IReadOnlyList<DarknetConvolution> IDarknetOrdered.DarknetOrder =>
        [.. _network.Layers.OfType<ConvolutionLayer>().Select(layer => layer.Parts)];

    /// <inheritdoc/>
    IReadOnlyList<Tensor> IDarknetOrdered.DarknetTensors => [.. _network.Layers.SelectMany(layer => layer.Weights)];

    /// <summary>The layers of the cfg.</summary>
    internal DarknetNetwork Network => _network;

    /// <summary>Reads <c>dict(type='DarknetDetector', cfg='yolov4.cfg')</c>.</summary>
    internal static DarknetDetector FromConfig(ConfigReader reader, HeadContext context)
    {
        var cfg = Cfg(reader);
        var network = DarknetBuilder.Build(reader.Has("num_classes") ? cfg.WithClasses(reader.Positive("num_classes")) : cfg);
        var options = DarknetDecoderOptions.FromConfig(context.TestConfig);
        return new DarknetDetector(network, options, Criterion(reader, network, context));
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The detector was built without a criterion.</exception>
    public override LossTerms ComputeLosses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_criterion is null)
        {
            throw new NotSupportedException(
                "DarknetDetector: only networks whose detection layers are all [yolo] can be trained, with train_cfg set. " +
                "Add train_cfg=dict() to the config.");
        }

        using var scope = TensorScope.Begin();
        return _criterion.Compute(ForwardDense(batch.Images), batch).KeepIn(scope);
    }

    /// <summary>Images to the raw maps of every detection layer.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns><c>pred_map</c> (B, A (5 + K), H', W') of each detection layer; they belong to the caller.</returns>
    public MapSet ForwardDense(Tensor images)
    {
        _dense.RequireInput(images);
        return new(("pred_map", _network.Call(images)));
    }

    /// <inheritdoc/>
    protected override Detections[] Find(Batch batch, bool rescale, IExecutor executor)
    {
        var size = new ImageShape((int)batch.Images.Size(2), (int)batch.Images.Size(3));
        var maps = executor.Run(_dense, batch.Images);
        return _decoder.Decode(maps["pred_map"], size, rescale ? batch.Infos : null);
    }

    // The cfg says how its layers learn; that they shall is train_cfg's word, as for other detectors.
    private static DarknetCriterion? Criterion(ConfigReader reader, DarknetNetwork network, HeadContext context)
    {
        List<YoloLayerOptions> layers = [.. network.Detections.Select(layer => layer.Yolo).OfType<YoloLayerOptions>()];
        if (context.TrainConfig is null || layers.Count != network.Detections.Count() || layers.Count == 0)
        {
            return null;
        }

        try
        {
            return new DarknetCriterion(layers);
        }
        catch (ArgumentException error)
        {
            throw reader.Error("cfg", error.Message);
        }
    }

    // A path, from the working folder or the config's; or, with line breaks, the cfg itself.
    private static DarknetConfig Cfg(ConfigReader reader)
    {
        var cfg = reader.String("cfg");
        var origin = reader.Raw("cfg").Origin;
        if (cfg.Contains('\n', StringComparison.Ordinal))
        {
            return DarknetConfig.Parse(cfg, origin.File, Math.Max(origin.Line, 1));
        }

        var beside = Path.Combine(Path.GetDirectoryName(origin.File) ?? "", cfg);
        var file = !File.Exists(cfg) && File.Exists(beside) ? beside : cfg;
        return File.Exists(file)
            ? DarknetConfig.Load(file)
            : throw reader.Error("cfg", $"must name a Darknet cfg, but there is no file {cfg}. Check the path.");
    }
}
