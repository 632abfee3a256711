using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// Maps to candidates: the places of the highest scores of each level (<c>nms_pre</c>), and their boxes. A map of quality,
/// such as centerness, takes part in the choice.
/// </summary>
/// <param name="options">Classes, kind of scores, quality, top-k.</param>
/// <param name="boxes">How boxes are predicted.</param>
public sealed class PlaceDecoder(PlaceDecoderOptions options, IPlaceBoxes boxes) : IDecoder
{
    /// <inheritdoc/>
    public BoxBorder Border => options.Border;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> (B, A C, H, W), the map of quality (B, A, H, W), and what the boxes need.</param>
    public IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var priors = boxes.Priors(maps);
        var images = new Candidates[maps["cls_score"][0].Size(0)][];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = [.. priors.Select((level, l) => Level(maps, new(l, i), level).KeepIn(scope))];
        }

        return images;
    }

    private Candidates Level(MapSet maps, LevelPlace place, Tensor priors)
    {
        using var scope = TensorScope.Begin();
        var logits = place.Of(maps["cls_score"]); // (A C, H, W)
        var quality = options.Quality is { } name ? place.Of(maps[name]) : null; // (A, H, W)
        var rows = Best(logits, quality, boxes.Counted(maps, place));
        var scores = Probabilities(MapRows.Pick(logits, options.ScoreCount, rows)); // (N, K)
        var factors = quality is null
            ? boxes.Confidences(maps, place, rows)
            : MapRows.Pick(quality, 1, rows).Squeeze(-1).Sigmoid(); // (N)
        var found = boxes.Decode(maps, place, priors, rows); // (N, 4)
        return factors is not null && options.QualityIsInScore
            ? new Candidates(found, (scores * factors.Unsqueeze(1)).Sqrt()).KeepIn(scope)
            : new Candidates(found, scores, factors).KeepIn(scope);
    }

    // (N) int64 the top-k rows of those that count; null: all.
    private Tensor? Best(Tensor logits, Tensor? quality, Tensor? counted)
    {
        var k = options.CandidatesPerLevel;
        var places = logits.Size(-2) * logits.Size(-1); // H W
        var count = logits.Size(0) / options.ScoreCount; // A
        if (k <= 0 || (counted?.Size(0) ?? places * count) <= k)
        {
            return counted;
        }

        // The sigmoid keeps the order, so it may wait until only the best class is left. A softmax must see all.
        var all = logits.Reshape(count, options.ScoreCount, places); // (A, C, H W)
        var comparable = options.SigmoidScores ? all : Probabilities(all); // (A, K, H W)
        var highest = comparable.AMax(1); // (A, H W)
        highest = quality is null ? highest : highest.Sigmoid() * quality.Reshape(count, places).Sigmoid();
        var rows = highest.Transpose(0, 1).Reshape(-1); // (H W A), the order of the anchors
        return counted is null ? rows.TopK(k).Indices : counted[rows[counted].TopK(k).Indices];
    }

    // Of classes in dimension 1; without the background, which is last in a softmax.
    private Tensor Probabilities(Tensor logits) =>
        options.SigmoidScores ? logits.Sigmoid() : logits.Softmax(1).Narrow(1, 0, options.ClassCount);
}

/// <summary>How scores are read, and how many places go on.</summary>
public sealed record PlaceDecoderOptions
{
    /// <summary>The number of classes, K, without background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether each class is scored by its own sigmoid; else a softmax over K + 1, the last one background.</summary>
    public bool SigmoidScores { get; init; } = true;

    /// <summary>At most so many places of a level go on; 0 or less: all.</summary>
    public int CandidatesPerLevel { get; init; } = -1;

    /// <summary>
    /// The map of logits of how good a place's box is; its sigmoid multiplies the scores in the choice and, after the
    /// score threshold, in NMS. Null: none.
    /// </summary>
    public string? Quality { get; init; }

    /// <summary>Whether the score itself becomes the square root of class times quality, before the threshold.</summary>
    public bool QualityIsInScore { get; init; }

    /// <summary>Where boxes that reach over the image's edges end.</summary>
    public BoxBorder Border { get; init; } = BoxBorder.Edge;

    /// <summary>Scores per anchor, C.</summary>
    internal int ScoreCount => SigmoidScores ? ClassCount : ClassCount + 1;

    /// <summary>Reads <c>nms_pre</c> of a <c>test_cfg</c>.</summary>
    /// <param name="test">The <c>test_cfg</c>.</param>
    /// <param name="classCount">The number of classes, K.</param>
    internal static PlaceDecoderOptions FromConfig(ConfigReader test, int classCount)
    {
        test.Ignore("min_bbox_size"); // the reference's dense heads do not read it either
        return new() { ClassCount = classCount, CandidatesPerLevel = test.Int("nms_pre", -1) };
    }
}
