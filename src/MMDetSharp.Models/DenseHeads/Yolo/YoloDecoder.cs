using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Maps to candidates: the anchors of each level that hold an object, decoded, scored by class, with objectness as their
/// factor: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, figure 2 and section 2.
/// </summary>
/// <remarks>As the reference: the score threshold sees the class alone, and boxes may reach over the image's edges.</remarks>
/// <param name="generator">Makes the anchors.</param>
/// <param name="coder">Decodes the boxes.</param>
/// <param name="options">Objectness threshold, and the top-k of each level.</param>
public sealed class YoloDecoder(YoloAnchorGenerator generator, IYoloBBoxCoder coder, YoloDecoderOptions options) : IDecoder
{
    /// <inheritdoc/>
    public BoxBorder Border => BoxBorder.None;

    /// <inheritdoc/>
    /// <param name="maps"><c>pred_map</c> (B, A (5 + K), H, W) of each level.</param>
    public IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var anchors = generator.GridAnchors(maps.Sizes, maps.Device);
        var levels = maps["pred_map"];
        var images = new Candidates[levels[0].Size(0)][];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = [.. levels.Select((map, l) => Level(map[i], anchors[l], generator.Levels[l]).KeepIn(scope))];
        }

        return images;
    }

    private Candidates Level(Tensor map, Tensor anchors, YoloLevel level)
    {
        using var scope = TensorScope.Begin();
        var count = level.Anchors.Count; // A
        var places = map.Size(-2) * map.Size(-1); // H W
        var cells = map.View(count, 5 + options.ClassCount, places); // (A, 5 + K, H W)
        var objectness = cells.Select(1, 4).Transpose(0, 1).Reshape(-1).Sigmoid(); // (H W A), as the anchors
        var rows = Chosen(objectness); // (N)
        var chosen = cells.Index(rows.Remainder(count), null, rows.FloorDivide(count)); // (N, 5 + K)
        var boxes = Tensor.Cat(1, chosen.Narrow(1, 0, 2).Sigmoid(), chosen.Narrow(1, 2, 2)); // (N, 4)
        return new Candidates(
            coder.Decode(anchors[rows], boxes, level.Stride),
            chosen.Narrow(1, 5, options.ClassCount).Sigmoid(),
            objectness[rows]).KeepIn(scope);
    }

    private Tensor Chosen(Tensor objectness)
    {
        var rows = objectness.Ge(options.ObjectnessThreshold).NonZero().Squeeze(-1);
        return options.CandidatesPerLevel > 0 && rows.Size(0) > options.CandidatesPerLevel
            ? rows[objectness[rows].TopK(options.CandidatesPerLevel).Indices]
            : rows;
    }
}

/// <summary>Which anchors go on to NMS: the reference's <c>test_cfg</c>.</summary>
public sealed record YoloDecoderOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Only anchors of at least this objectness go on: <c>conf_thr</c>.</summary>
    public double ObjectnessThreshold { get; init; } = -1;

    /// <summary>At most so many of a level, those of the highest objectness, go on; 0 or less: all.</summary>
    public int CandidatesPerLevel { get; init; } = -1;
}
