using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Fcos;

/// <summary>
/// Ground truth to targets: a place inside an object learns its class and the distances of its sides; each level has
/// objects of its own size; of several objects the smallest counts: Tian et al., arXiv:1904.01355, sections 3.1 and 3.2.
/// </summary>
/// <remarks>
/// Works on values, place by place, and never makes the (P, G, 4) table of distances. The arithmetic is the reference's,
/// in float32.
/// </remarks>
/// <param name="options">Strides, ranges, center sampling.</param>
public sealed class FcosTargets(FcosTargetOptions options)
{
    // As the reference: an object of a larger area is never learned.
    private const float Infinite = 1e8f;

    /// <summary>Strides, regression ranges and center sampling.</summary>
    internal FcosTargetOptions Options => options;

    /// <summary>Makes the targets of a batch.</summary>
    /// <param name="points">Per level (P, 2).</param>
    /// <param name="batch">The objects of each image; boxes to ignore have no effect, as in the reference.</param>
    /// <returns>On the points' device; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">The batch has no annotations.</exception>
    public FcosTargetSet Make(Tensor[] points, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(batch);
        batch.RequireGroundTruth("FcosTargets");
        using var scope = TensorScope.Begin();
        var objects = batch.GroundTruths.Select(LocatedObject.Of).ToArray();
        var levels = points.Select((level, i) => Level(level.ToArray(), i, objects)).ToArray();
        return new FcosTargetSet(
            [.. levels.Select(level => Tensor.From(level.Labels, level.Labels.Length).To(points[0].Device))],
            [.. levels.Select(level => Tensor.From(level.Distances, level.Labels.Length, 4).To(points[0].Device))])
            .KeepIn(scope);
    }

    /// <summary>The points that learn an object, level by level.</summary>
    /// <param name="points">Per level (P, 2).</param>
    /// <param name="batch">The objects of each image.</param>
    internal IReadOnlyList<PositivePlace> Positives(Tensor[] points, Batch batch)
    {
        using var scope = TensorScope.Begin();
        var labels = Array.ConvertAll(Make(points, batch).Labels, level => level.ToInt64Array());
        return [.. points.SelectMany((level, l) =>
        {
            var (xy, count) = (level.ToArray(), (int)level.Size(0));
            return Enumerable.Range(0, labels[l].Length).Where(i => labels[l][i] != options.ClassCount).Select(i =>
                new PositivePlace(i / count, l, xy[i % count * 2], xy[(i % count * 2) + 1], (int)labels[l][i]));
        })];
    }

    // (B P) and (B P, 4): image by image.
    private (long[] Labels, float[] Distances) Level(float[] points, int level, LocatedObject[][] images)
    {
        var count = points.Length / 2;
        var (labels, distances) = (new long[images.Length * count], new float[images.Length * count * 4]);
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, y) = (points[i % count * 2], points[(i % count * 2) + 1]);
            var objects = images[i / count];
            var chosen = Smallest(objects, (x, y), level);
            labels[i] = chosen < 0 ? options.ClassCount : objects[chosen].Label;

            // As the reference: background has the distances of the first object, which nothing reads.
            if (objects.Length > 0)
            {
                objects[Math.Max(chosen, 0)].Distances(x, y, options.Scale(level), distances.AsSpan(i * 4, 4));
            }
        }

        return (labels, distances);
    }

    // The object of the least area that the place lies in and that the level is responsible for; -1: none.
    private int Smallest(LocatedObject[] objects, (float X, float Y) place, int level)
    {
        var (chosen, least) = (-1, Infinite);
        Span<float> distances = stackalloc float[4];
        for (var g = 0; g < objects.Length; g++)
        {
            objects[g].Distances(place.X, place.Y, 1, distances);
            if (objects[g].Area < least && IsInside(objects[g], place, level, distances) && IsInRange(distances, level))
            {
                (chosen, least) = (g, objects[g].Area);
            }
        }

        return chosen;
    }

    private bool IsInside(in LocatedObject item, (float X, float Y) place, int level, ReadOnlySpan<float> distances) =>
        options.CenterSampling
            ? item.CenterContains(place.X, place.Y, (float)(options.Strides[level] * options.CenterSampleRadius))
            : Min(distances) > 0;

    // Section 3.2: m_(i-1) <= max(l, t, r, b) <= m_i.
    private bool IsInRange(ReadOnlySpan<float> distances, int level)
    {
        var (from, to) = options.RegressRanges[level];
        var max = MathF.Max(MathF.Max(distances[0], distances[1]), MathF.Max(distances[2], distances[3]));
        return max >= (float)from && max <= (float)to;
    }

    private static float Min(ReadOnlySpan<float> values) =>
        MathF.Min(MathF.Min(values[0], values[1]), MathF.Min(values[2], values[3]));

    /// <summary>A ground truth as plain numbers: box and class.</summary>
    private readonly record struct LocatedObject(float X1, float Y1, float X2, float Y2, long Label)
    {
        internal float Area => (X2 - X1) * (Y2 - Y1);

        internal static LocatedObject[] Of(GroundTruth truth)
        {
            var (boxes, labels) = (truth.Boxes.ToArray(), truth.Labels.ToInt64Array());
            return [.. labels.Select((label, i) => new LocatedObject(
                boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3], label))];
        }

        /// <summary>Equation 1: left, top, right, bottom; divided by a scale.</summary>
        internal void Distances(float x, float y, float scale, Span<float> distances)
        {
            distances[0] = (x - X1) / scale;
            distances[1] = (y - Y1) / scale;
            distances[2] = (X2 - x) / scale;
            distances[3] = (Y2 - y) / scale;
        }

        /// <summary>Whether a place lies within a square around the centre, as far as the square lies in the box.</summary>
        internal bool CenterContains(float x, float y, float radius)
        {
            var (middleX, middleY) = ((X1 + X2) / 2, (Y1 + Y2) / 2);
            return x - MathF.Max(middleX - radius, X1) > 0 && y - MathF.Max(middleY - radius, Y1) > 0
                && MathF.Min(middleX + radius, X2) - x > 0 && MathF.Min(middleY + radius, Y2) - y > 0;
        }
    }
}

/// <summary>Which places learn an object; the names are the reference's.</summary>
public sealed record FcosTargetOptions
{
    private static readonly (double From, double To)[] s_ranges = [(-1, 64), (64, 128), (128, 256), (256, 512), (512, 1e8)];

    /// <summary>The number of classes, K: the label of background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>(L) pixels between two places of each level.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>(L) between which lengths the longest of the four distances must lie: section 3.2, m_i.</summary>
    public IReadOnlyList<(double From, double To)> RegressRanges { get; init; } = s_ranges;

    /// <summary>Whether only places near the centre of an object's box are positive.</summary>
    public bool CenterSampling { get; init; }

    /// <summary>Half the side of the square of center sampling, in strides of the level.</summary>
    public double CenterSampleRadius { get; init; } = 1.5;

    /// <summary>Whether distances are learned in strides of the level.</summary>
    public bool NormOnBBox { get; init; }

    /// <summary>What distances of a level are divided by.</summary>
    internal float Scale(int level) => NormOnBBox ? Strides[level] : 1;

    /// <summary>Reads <c>regress_ranges</c>, <c>center_sampling</c> and <c>center_sample_radius</c>.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="classCount">K.</param>
    /// <param name="strides">(L) pixels between two places of each level.</param>
    internal static FcosTargetOptions FromConfig(ConfigReader reader, int classCount, IReadOnlyList<int> strides)
    {
        var ranges = reader.FloatPairsOrNull("regress_ranges") ?? s_ranges;
        if (ranges.Length != strides.Count || Array.Exists(ranges, range => range.First >= range.Second))
        {
            throw reader.Error(
                "regress_ranges", $"must have one rising pair per stride, got {ranges.Length} for {strides.Count} " +
                "strides. Write it as ((-1, 64), (64, 128), ...).");
        }

        return new()
        {
            ClassCount = classCount,
            Strides = strides,
            RegressRanges = ranges,
            CenterSampling = reader.Bool("center_sampling", false),
            CenterSampleRadius = reader.Positive("center_sample_radius", 1.5),
        };
    }
}

/// <summary>What every place of a batch should predict. P is the number of places of a level.</summary>
/// <param name="Labels">Per level (B P) int64; K is background.</param>
/// <param name="Distances">Per level (B P, 4) left, top, right, bottom, in pixels or strides.</param>
public sealed record FcosTargetSet(Tensor[] Labels, Tensor[] Distances)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public FcosTargetSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep(Labels);
        scope.Keep(Distances);
        return this;
    }
}
