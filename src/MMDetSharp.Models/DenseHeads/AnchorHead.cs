using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A head whose maps are scores and boxes of anchors: RetinaNet, SSD.</summary>
/// <param name="network">Features to maps: scores (B, A C, H, W), then boxes (B, A 4, H, W).</param>
/// <param name="parts">Anchors, targets, loss, decoding.</param>
public sealed class AnchorHead(HeadNetwork network, AnchorHeadParts parts) : IDenseHead
{
    /// <inheritdoc/>
    public Module Network => network;

    /// <inheritdoc/>
    public int ClassCount => parts.Options.ClassCount;

    /// <summary>Makes the anchors.</summary>
    internal IAnchorGenerator Anchors => parts.Anchors;

    /// <summary>Makes the targets; null in a head built only for testing.</summary>
    internal AnchorTargets? Targets => parts.Targets;

    private AnchorDecoder Decoder => parts.Decoder ?? throw new InvalidOperationException(
        "AnchorHead: test_cfg must be given for detection, the config has none. Add test_cfg to it.");

    /// <inheritdoc/>
    public Tensor[][] Forward(Tensor[] features) => network.Forward(features);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The head was built without <c>train_cfg</c>.</exception>
    public LossTerms ComputeLosses(Tensor[][] maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var targets = parts.Targets ?? throw new InvalidOperationException(
            "AnchorHead: train_cfg must be given for training, the config has none. Add train_cfg to it.");
        using var scope = TensorScope.Begin();
        return parts.Loss.Compare(maps[0], maps[1], targets.Make(Sizes(maps[0]), batch)).KeepIn(scope);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The head was built without <c>test_cfg</c>.</exception>
    public Detections[] Decode(Tensor[][] maps, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var anchors = parts.Anchors.GridAnchors(Sizes(maps[0]), maps[0][0].Device);
        var found = new Detections[infos.Count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = Decoder.Decode(Levels(maps, anchors, i), infos[i], rescale).KeepIn(scope);
        }

        return found;
    }

    /// <inheritdoc/>
    public Detections DecodeViews(IReadOnlyList<Tensor[][]> maps, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var views = maps.Select((view, i) =>
        {
            var anchors = parts.Anchors.GridAnchors(Sizes(view[0]), view[0][0].Device);
            return (Levels(view, anchors, 0), infos[i]);
        });
        return Decoder.Decode([.. views], rescale).KeepIn(scope);
    }

    /// <summary>Height and width of each level's map.</summary>
    internal static (long Height, long Width)[] Sizes(Tensor[] maps) =>
        Array.ConvertAll(maps, map => (map.Size(-2), map.Size(-1)));

    private static IReadOnlyList<AnchorLevel> Levels(Tensor[][] maps, Tensor[] anchors, int image) =>
        [.. anchors.Select((level, i) => new AnchorLevel(maps[0][i][image], maps[1][i][image], level))];
}
