using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Necks;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>
/// Predicts boxes directly at every place of the backbone's and neck's maps: RetinaNet (Lin et al., arXiv:1708.02002)
/// and its kin, by their head. Keys: backbone.*, neck.*, bbox_head.*.
/// </summary>
public sealed class SingleStageDetector : Detector, IDarknetOrdered
{
    private readonly Backbone _backbone;
    private readonly Neck? _neck;
    private readonly DenseHead _head;
    private readonly NetworkPart _dense;

    /// <param name="backbone">Image to maps; owned from now on.</param>
    /// <param name="neck">Maps to maps; null for none; owned from now on.</param>
    /// <param name="head">Maps to losses or boxes; its network is owned from now on.</param>
    public SingleStageDetector(Backbone backbone, Neck? neck, DenseHead head)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        _backbone = RegisterChild("backbone", backbone);
        _neck = neck is null ? null : RegisterChild("neck", neck);
        _head = head;
        RegisterChild("bbox_head", head.Network);
        _dense = new NetworkPart
        {
            Name = "dense",
            Forward = ForwardDense,
            Channels = backbone.ImageChannels,
            LeastSide = backbone.LeastSide,
        };
    }

    /// <inheritdoc/>
    public override int ClassCount => _head.ClassCount;

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkPart> Parts => [_dense];

    /// <inheritdoc/>
    public override Module PretrainedPart => _backbone;

    /// <summary>Maps to losses or boxes.</summary>
    public DenseHead Head => _head;

    /// <inheritdoc/>
    IReadOnlyList<DarknetConvolution> IDarknetOrdered.DarknetOrder => _head.Network is IDarknetHead head
        ? DarknetOrdering.Of(_backbone, _neck as IDarknetNeck, head)
        : [];

    /// <summary>The maps that the head sees: those of the neck, or of the backbone when there is none.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>One (B, C, H, W) per level, finest first; they belong to the caller.</returns>
    public Tensor[] ExtractFeatures(Tensor images)
    {
        using var scope = TensorScope.Begin();
        var maps = _backbone.Call(images);
        return scope.Keep(_neck is null ? maps : _neck.Call(maps));
    }

    /// <summary>All that depends on pixels alone: backbone, neck and the head's network.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>The head's outputs; they belong to the caller.</returns>
    public MapSet ForwardDense(Tensor images)
    {
        using var scope = TensorScope.Begin();
        return _head.Forward(ExtractFeatures(images)).KeepIn(scope);
    }

    /// <inheritdoc/>
    public override LossTerms ComputeLosses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _dense.RequireInput(batch.Images);
        using var scope = TensorScope.Begin();
        return _head.ComputeLosses(ForwardDense(batch.Images), batch).KeepIn(scope);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PositivePlace> LocatePositives(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        return _head.Criterion is IPositivePlaces places
            ? places.Positives(ForwardDense(batch.Images), batch)
            : throw NoPlaces();
    }

    /// <inheritdoc/>
    protected override Detections[] Find(Batch batch, bool rescale, IExecutor executor) =>
        _head.Decode(executor.Run(_dense, batch.Images), batch.Infos, rescale);

    /// <inheritdoc/>
    protected override Detections FindInViews(IReadOnlyList<Batch> views, bool rescale, IExecutor executor) =>
        _head.DecodeViews(
            [.. views.Select(view => executor.Run(_dense, view.Images))], [.. views.Select(view => view.Infos[0])], rescale);
}
