using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// A head whose maps hold x, y, w, h, objectness and classes of each anchor: MMDetection's YOLOv3 and its kin.
/// </summary>
/// <param name="network">Features to maps: one output, (B, A (5 + K), H, W) of each level.</param>
/// <param name="parts">Anchors, targets and loss, decoding.</param>
public sealed class YoloDenseHead(HeadNetwork network, YoloHeadParts parts) : IDenseHead
{
    /// <inheritdoc/>
    public Module Network => network;

    /// <inheritdoc/>
    public int ClassCount => parts.ClassCount;

    /// <summary>Makes the anchors.</summary>
    internal YoloAnchorGenerator Anchors => parts.Anchors;

    /// <summary>Chooses targets and measures; null in a head built only for testing.</summary>
    internal IYoloCriterion? Criterion => parts.Criterion;

    private YoloDecoder Decoder => parts.Decoder ?? throw new InvalidOperationException(
        "YOLO head: test_cfg must be given for detection, the config has none. Add test_cfg to it.");

    /// <inheritdoc/>
    public Tensor[][] Forward(Tensor[] features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return features.Length == parts.Anchors.Levels.Count
            ? network.Forward(features)
            : throw new ArgumentException(
                $"YOLO head: there must be {parts.Anchors.Levels.Count} maps, one per entry of featmap_strides, got " +
                $"{features.Length}. Make backbone and neck give as many.", nameof(features));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The head was built without <c>train_cfg</c>.</exception>
    public LossTerms ComputeLosses(Tensor[][] maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var criterion = parts.Criterion ?? throw new InvalidOperationException(
            "YOLO head: train_cfg must be given for training, the config has none. Add train_cfg to it.");
        return criterion.Compute(maps[0], batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The head was built without <c>test_cfg</c>.</exception>
    public Detections[] Decode(Tensor[][] maps, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        return [.. infos.Select((info, i) => Decoder.Decode(OfImage(maps, i), info, rescale).KeepIn(scope))];
    }

    /// <inheritdoc/>
    public Detections DecodeViews(IReadOnlyList<Tensor[][]> maps, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        return Decoder.Decode([.. maps.Select((view, i) => (OfImage(view, 0), infos[i]))], rescale).KeepIn(scope);
    }

    private static IReadOnlyList<Tensor> OfImage(Tensor[][] maps, int image) => [.. maps[0].Select(map => map[image])];
}
