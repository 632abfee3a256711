using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// A box by its sides: the bucket of each, and where in the bucket: Wang et al., "Side-Aware Boundary Localization for More
/// Precise Object Detection", arXiv:1912.04260, sections 3.2 and 3.3.
/// </summary>
/// <remarks>
/// An anchor or proposal grows around its centre and is cut into strips; each side is looked for in its half of them, the S
/// buckets, counted from outside. Sides come in the order left, right, top, bottom.
/// </remarks>
public sealed class BucketingBBoxCoder
{
    private const int Sides = 4;

    private readonly BucketingOptions _options;

    /// <param name="options">Buckets, and which of them learn.</param>
    /// <exception cref="ArgumentException">There are fewer than two buckets to a side, or an option is out of its range.</exception>
    public BucketingBBoxCoder(BucketingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(new("BucketingBBoxCoder", null));
        _options = options;
    }

    /// <summary>Buckets, and which of them learn.</summary>
    public BucketingOptions Options => _options;

    /// <summary>4 S: the numbers of a box, buckets or offsets; those of a side together.</summary>
    public int Columns => Sides * _options.BucketsPerSide;

    /// <summary>Reads <c>BucketingBBoxCoder</c>.</summary>
    internal static BucketingBBoxCoder FromConfig(ConfigReader reader)
    {
        var defaults = new BucketingOptions { Buckets = reader.Int("num_buckets"), Scale = reader.Float("scale_factor") };
        var options = defaults with
        {
            NearestBuckets = reader.Int("offset_topk", defaults.NearestBuckets),
            LargestOffset = reader.Float("offset_upperbound", defaults.LargestOffset),
            IgnoresNeighbours = reader.Bool("cls_ignore_neighbor", defaults.IgnoresNeighbours),
            Clips = reader.Bool("clip_border", defaults.Clips),
        };
        options.Check(new(reader.TypeName, reader.Error));
        return new(options);
    }

    /// <summary>What the network should predict.</summary>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals.</param>
    /// <param name="targets">(N, 4) xyxy: the object of each.</param>
    /// <returns>They belong to the caller.</returns>
    public BucketTargets Encode(Tensor boxes, Tensor targets)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        targets.RequireShape([boxes.Size(0), 4], "Pick one target per box first: targets[assigned].");
        using var scope = TensorScope.Begin();
        var grid = Grid(boxes);
        var offsets = (Centres(grid, Steps(boxes)) - BySide(targets).Unsqueeze(-1)) / grid.Size.Unsqueeze(-1); // (N, 4, S)
        var distances = offsets.Abs();
        var (near, nearest) = distances.TopK(_options.NearestBuckets, largest: false); // (N, 4, k) each
        var labels = Chosen(nearest, 0); // (N, 4, S)
        var learned = labels;
        for (var i = 1; i < _options.NearestBuckets; i++)
        {
            learned += Chosen(nearest, i) * near.Narrow(-1, i, 1).Lt(_options.LargestOffset);
        }

        // The object's own bucket learns to be it and the far ones not to be it; its neighbours are left alone.
        var weights = _options.IgnoresNeighbours
            ? 1 - (distances.Lt(1) * (1 - labels))
            : Tensor.OnesLike(labels);
        return new BucketTargets(Flat(labels), Flat(weights), Flat(offsets), Flat(learned)).KeepIn(scope);
    }

    /// <summary>The boxes that a prediction means: each side in its most probable bucket.</summary>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals.</param>
    /// <param name="buckets">(N, 4 S) logits.</param>
    /// <param name="offsets">(N, 4 S): from the buckets' centres, in buckets.</param>
    /// <param name="maxShape">The image on whose pixels boxes end, where <see cref="BucketingOptions.Clips"/>; null: not clipped.</param>
    /// <returns>(N, 4) xyxy; it belongs to the caller.</returns>
    public Tensor Decode(Tensor boxes, Tensor buckets, Tensor offsets, ImageShape? maxShape = null)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        buckets.RequireShape([boxes.Size(0), Columns], "Give one prediction per box.");
        offsets.RequireShape([boxes.Size(0), Columns], "Give one prediction per box.");
        using var scope = TensorScope.Begin();
        var grid = Grid(boxes);
        var best = BestTwo(buckets).Indices.Narrow(-1, 0, 1); // (N, 4, 1)
        var found = offsets.Reshape(-1, Sides, _options.BucketsPerSide).Gather(-1, best); // (N, 4, 1)
        var sides = (Centres(grid, best.To(boxes.Type)) - (found * grid.Size.Unsqueeze(-1))).Squeeze(-1).Unbind(-1);
        var shape = _options.Clips ? maxShape : null;
        return scope.Keep(Tensor.Stack(
            -1,
            Clip(sides[0], shape?.Width),
            Clip(sides[2], shape?.Height),
            Clip(sides[1], shape?.Width),
            Clip(sides[3], shape?.Height))); // left, top, right, bottom
    }

    /// <summary>
    /// Section 3.3: how sure the sides are; of each its best bucket's probability, and the second best one's where it is a
    /// neighbour.
    /// </summary>
    /// <param name="buckets">(N, 4 S) logits.</param>
    /// <returns>(N), the mean of the sides, 0 to 1; it belongs to the caller.</returns>
    public Tensor Confidence(Tensor buckets)
    {
        buckets.RequireShape([ShapeGuard.Any, Columns]);
        using var scope = TensorScope.Begin();
        var (probabilities, labels) = BestTwo(buckets);
        var (first, second) = (labels.Select(-1, 0), labels.Select(-1, 1));
        var beside = (first - second).Abs().Eq(1).To(probabilities.Type); // (N, 4)
        return scope.Keep((probabilities.Select(-1, 0) + (probabilities.Select(-1, 1) * beside)).Mean(1));
    }

    // (N, 4, 2) each: the two most probable buckets of each side.
    private (Tensor Values, Tensor Indices) BestTwo(Tensor buckets) =>
        buckets.Reshape(-1, Sides, _options.BucketsPerSide).Softmax(-1).TopK(2);

    // The grown box's sides, the size of their buckets, and whether these go on to the right and below (1) or not (-1).
    private (Tensor Edge, Tensor Size, Tensor Direction) Grid(Tensor boxes)
    {
        var (x, y, width, height) = CenterSize.Of(boxes);
        var grown = BySide(new CenterSize(x, y, width * _options.Scale, height * _options.Scale).ToXyxy());
        var (left, right, top, bottom) = (grown.Select(1, 0), grown.Select(1, 1), grown.Select(1, 2), grown.Select(1, 3));
        var (across, down) = ((right - left) / _options.Buckets, (bottom - top) / _options.Buckets);
        return (
            grown,
            Tensor.Stack(-1, across, across, down, down),
            Tensor.From([1f, -1, 1, -1], Sides).To(boxes.Device));
    }

    // (N, 4, n): the centres of buckets that are counted from outside.
    private static Tensor Centres((Tensor Edge, Tensor Size, Tensor Direction) grid, Tensor buckets) =>
        grid.Edge.Unsqueeze(-1) + ((buckets + 0.5) * (grid.Size * grid.Direction).Unsqueeze(-1));

    // (S)
    private Tensor Steps(Tensor like) =>
        Tensor.Arange(0, _options.BucketsPerSide, 1, ScalarType.Float32, like.Device);

    // (N, 4, S): 1 at the i-th of the nearest buckets of each side.
    private Tensor Chosen(Tensor nearest, int i) =>
        Steps(nearest).Eq(nearest.Narrow(-1, i, 1)).To(ScalarType.Float32);

    // (N, 4) left, top, right, bottom to left, right, top, bottom.
    private static Tensor BySide(Tensor boxes) => boxes.IndexSelect(1, Tensor.From([0L, 2, 1, 3], Sides).To(boxes.Device));

    private static Tensor Flat(Tensor bySide) => bySide.Flatten(1);

    // As the reference: on the last pixel, not on the edge behind it.
    private static Tensor Clip(Tensor side, int? length) => length is { } end ? side.Clamp(0, end - 1) : side;
}

/// <summary>Which buckets a <see cref="BucketingBBoxCoder"/> has, and which of them learn.</summary>
public sealed record BucketingOptions
{
    /// <summary>Strips of the grown box in either direction: the paper's 2 k.</summary>
    public required int Buckets { get; init; }

    /// <summary>By what a box grows: the paper's sigma.</summary>
    public required double Scale { get; init; }

    /// <summary>So many buckets nearest to an object's side learn how far away it is.</summary>
    public int NearestBuckets { get; init; } = 2;

    /// <summary>They do, but for the nearest one, if it is nearer than this, in buckets.</summary>
    public double LargestOffset { get; init; } = 1;

    /// <summary>Whether buckets beside the nearest one, less than one bucket from the side, need not be negative.</summary>
    public bool IgnoresNeighbours { get; init; } = true;

    /// <summary>Whether boxes end on the image's last pixels.</summary>
    public bool Clips { get; init; } = true;

    /// <summary>S: half of the strips; of an odd number, the middle one belongs to both sides.</summary>
    public int BucketsPerSide => (Buckets + 1) / 2;

    /// <summary>Fails unless each side has a best and a second best bucket.</summary>
    internal void Check(OptionCheck check)
    {
        check.Require(Buckets >= 3, "num_buckets", "must be at least 3: two to a side", Buckets);
        check.RequirePositive("scale_factor", Scale);
        check.RequireRange("offset_topk", NearestBuckets, 1, BucketsPerSide);
        check.Require(double.IsFinite(LargestOffset), "offset_upperbound", "must be a number", LargestOffset);
    }
}

/// <summary>What the network should predict of N boxes. Each is (N, 4 S): sides, and their buckets together.</summary>
/// <param name="Labels">1 for the bucket of each side, else 0.</param>
/// <param name="LabelWeights">1 where a bucket learns that, else 0.</param>
/// <param name="Offsets">From the object's sides to the buckets' centres, in buckets.</param>
/// <param name="OffsetWeights">1 where a bucket learns that, else 0.</param>
public sealed record BucketTargets(Tensor Labels, Tensor LabelWeights, Tensor Offsets, Tensor OffsetWeights)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    internal BucketTargets KeepIn(TensorScope scope)
    {
        scope.Keep([Labels, LabelWeights, Offsets, OffsetWeights]);
        return this;
    }
}
