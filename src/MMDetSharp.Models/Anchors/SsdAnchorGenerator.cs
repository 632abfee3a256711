using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.Anchors;

/// <summary>
/// The default boxes of SSD: at each level one size, a square between it and the next level's, and flat and tall boxes of
/// the size: Liu et al., "SSD", arXiv:1512.02325, section 2.2, "Choosing scales and aspect ratios for default boxes".
/// </summary>
public static class SsdAnchorGenerator
{
    // Sections 3.1 (VOC) and 3.4 (COCO): conv4_3 has boxes below the range, whose sizes the equation does not give. By
    // input size and the range's first part; percent of the input size.
    private static readonly Dictionary<(int, double), (int, int)> s_first = new()
    {
        [(300, 0.15)] = (7, 15), // COCO
        [(300, 0.2)] = (10, 20), // VOC
        [(512, 0.1)] = (4, 10), // COCO
        [(512, 0.15)] = (7, 15), // VOC
    };

    /// <summary>Reads <c>SSDAnchorGenerator</c>.</summary>
    internal static AnchorGenerator FromConfig(ConfigReader reader)
    {
        var defaults = new SsdAnchorOptions
        {
            Strides = AnchorGeneratorOptions.ReadStrides(reader),
            Ratios = reader.FloatLists("ratios"),
        };
        var options = defaults with
        {
            InputSize = reader.Int("input_size", defaults.InputSize),
            SizeRange = reader.FloatPairOrNull("basesize_ratio_range"),
            MinSizes = reader.FloatsOrNull("min_sizes"),
            MaxSizes = reader.FloatsOrNull("max_sizes"),
            ScaleMajor = reader.Bool("scale_major", defaults.ScaleMajor),
        };
        options.Check(reader.Error);
        return Make(options);
    }

    /// <summary>Makes the generator of such anchors.</summary>
    /// <param name="options">Sizes, ratios, strides.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static AnchorGenerator Make(SsdAnchorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var sizes = options.SizeRange is { } range
            ? Sizes(options, range)
            : options.MinSizes!.Zip(options.MaxSizes!);
        return new(
            [.. sizes.Select((size, level) => Place(options, level, size))],
            options.Strides);
    }

    /// <summary>Whether the smallest sizes are known.</summary>
    internal static bool Knows(int inputSize, double from) => s_first.ContainsKey((inputSize, from));

    // Equation 4. As the reference: whole percents, whole pixels, both rounded down.
    private static IEnumerable<(double Min, double Max)> Sizes(SsdAnchorOptions options, (double From, double To) range)
    {
        double Pixels(int percent) => (int)(options.InputSize * percent / 100.0);

        var (first, next) = s_first[(options.InputSize, range.From)];
        yield return (Pixels(first), Pixels(next));

        var (from, step) = options.Percents(range);
        for (var level = 1; level < options.Strides.Count; level++, from += step)
        {
            yield return (Pixels(from), Pixels(from + step));
        }
    }

    // The anchors of a level's first place: of all ratios at both sizes, the square of the larger one comes second and the
    // others of it are left out.
    private static float[] Place(SsdAnchorOptions options, int level, (double Min, double Max) size)
    {
        var stride = options.Strides[level];
        float[] ratios = [1, .. options.Ratios[level].SelectMany(ratio => (float[])[(float)(1 / ratio), (float)ratio])];
        var all = RatioScaleAnchors.Make(new()
        {
            Strides = [stride],
            Ratios = ratios,
            Scales = [1, (float)Math.Sqrt(size.Max / size.Min)],
            BaseSizes = [(float)size.Min],
            ScaleMajor = options.ScaleMajor,
            Centers = [(stride.X / 2f, stride.Y / 2f)],
        })[0];
        return
        [
            .. all.AsSpan(0, 4), .. all.AsSpan(4 * ratios.Length, 4), .. all.AsSpan(4, 4 * (ratios.Length - 1)),
        ];
    }
}

/// <summary>Which anchors SSD has; the names are the reference's, those of sizes in pixels later MMDetection's.</summary>
public sealed record SsdAnchorOptions
{
    /// <summary>(x, y) pixels of the image between two places of a level, finest level first.</summary>
    public required IReadOnlyList<(int X, int Y)> Strides { get; init; }

    /// <summary>Per level: height / width of anchors besides squares; each comes upright, too.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Ratios { get; init; }

    /// <summary>Side of the images, 300 or 512: what <see cref="SizeRange"/> is a part of.</summary>
    public int InputSize { get; init; } = 300;

    /// <summary><c>basesize_ratio_range</c>: sizes of the second and of the last level, in sides of the image.</summary>
    public (double From, double To)? SizeRange { get; init; }

    /// <summary>Or the sizes in pixels, one per level.</summary>
    public IReadOnlyList<double>? MinSizes { get; init; }

    /// <summary>Beside <see cref="MinSizes"/>: the square of each level is the geometric mean of both.</summary>
    public IReadOnlyList<double>? MaxSizes { get; init; }

    /// <summary>
    /// As the reference: False in SSD's recipes; True makes ratios and sizes vary in the other order before the anchors are
    /// picked, and other ones are.
    /// </summary>
    public bool ScaleMajor { get; init; } = true;

    /// <summary>The first size in percent, and the step between levels.</summary>
    internal (int From, int Step) Percents((double From, double To) range)
    {
        var (from, to) = ((int)(range.From * 100), (int)(range.To * 100));
        return (from, (to - from) / (Strides.Count - 2));
    }

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("SSDAnchorGenerator", error);
        check.Require(Strides.Count > 0, "strides", "must name at least one level", "none");
        check.RequirePositive("strides", Strides.SelectMany(stride => (int[])[stride.X, stride.Y]));
        check.RequireCount("ratios", Ratios.Count, Strides.Count, "stride");
        check.RequirePositive("ratios", Ratios.SelectMany(ratios => ratios));
        check.Require(
            (SizeRange is null) != (MinSizes is null), "basesize_ratio_range",
            "must be given, or min_sizes and max_sizes, not both", SizeRange is null ? "neither" : "both");
        check.Require(
            (MinSizes is null) == (MaxSizes is null), "max_sizes", "must be given where min_sizes is, and only there",
            MaxSizes is null ? "none" : "some");
        check.RequireCount("min_sizes", MinSizes?.Count ?? Strides.Count, Strides.Count, "stride");
        check.RequireCount("max_sizes", MaxSizes?.Count ?? Strides.Count, Strides.Count, "stride");
        check.RequirePositive("min_sizes", MinSizes ?? []);
        check.RequirePositive("max_sizes", MaxSizes ?? []);
        if (SizeRange is { } range)
        {
            CheckRange(check, range);
        }
    }

    private void CheckRange(OptionCheck check, (double From, double To) range)
    {
        check.Require(InputSize is 300 or 512, "input_size", "must be 300 or 512; give min_sizes and max_sizes for others", InputSize);
        check.Require(
            SsdAnchorGenerator.Knows(InputSize, range.From), "basesize_ratio_range",
            $"must begin with {(InputSize == 300 ? "0.15 or 0.2" : "0.1 or 0.15")} for input_size={InputSize}", range.From);
        check.Require(Strides.Count > 2, "strides", "must name at least 3 levels", Strides.Count);
        check.Require(
            range.To <= 10 && Percents(range).Step > 0, "basesize_ratio_range", "must rise by a percent per level, up to 10",
            range.To);
    }
}
