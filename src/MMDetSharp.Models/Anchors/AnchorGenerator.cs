using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Anchors;

/// <summary>
/// Anchors of fixed ratios and scales at every place: Ren et al., "Faster R-CNN", arXiv:1506.01497, section 3.1.1; with
/// several scales per octave, Lin et al., "Focal Loss for Dense Object Detection", arXiv:1708.02002, section 4.
/// </summary>
public sealed class AnchorGenerator : IAnchorGenerator
{
    /// <param name="options">Strides, ratios, scales.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public AnchorGenerator(AnchorGeneratorOptions options)
        : this(RatioScaleAnchors.Make(options), options.Strides)
    {
    }

    /// <summary>Repeats given anchors over the places.</summary>
    /// <param name="baseAnchors">Per level the anchors of the first place, (x1, y1, x2, y2) each.</param>
    /// <param name="strides">(x, y) pixels between two places, per level.</param>
    internal AnchorGenerator(float[][] baseAnchors, IReadOnlyList<(int X, int Y)> strides)
    {
        BaseAnchors = baseAnchors;
        Strides = strides;
        AnchorsPerPlace = [.. baseAnchors.Select(anchors => anchors.Length / 4)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<(int X, int Y)> Strides { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> AnchorsPerPlace { get; }

    /// <summary>Per level the anchors of the first place, (x1, y1, x2, y2) each.</summary>
    internal IReadOnlyList<float[]> BaseAnchors { get; }

    /// <inheritdoc/>
    public Tensor[] GridAnchors(IReadOnlyList<(long Height, long Width)> sizes, Device device)
    {
        RequireLevels(sizes);
        using var scope = TensorScope.Begin();
        var levels = sizes.Select((size, level) =>
        {
            var anchors = Shift(BaseAnchors[level], size, Strides[level]);
            return Tensor.From(anchors, anchors.Length / 4, 4).To(device);
        });
        return scope.Keep(levels.ToArray());
    }

    /// <inheritdoc/>
    public Tensor[] ValidFlags(IReadOnlyList<(long Height, long Width)> sizes, ImageShape padShape, Device device)
    {
        RequireLevels(sizes);
        using var scope = TensorScope.Begin();
        var levels = sizes.Select((size, level) =>
        {
            var (strideX, strideY) = Strides[level];
            var height = Math.Min((padShape.Height + strideY - 1) / strideY, size.Height);
            var width = Math.Min((padShape.Width + strideX - 1) / strideX, size.Width);
            var flags = Flags(size, (height, width), AnchorsPerPlace[level]);
            return Tensor.From(flags, flags.Length).To(device);
        });
        return scope.Keep(levels.ToArray());
    }

    // As the reference: float32 sums of the base anchor and the place's position.
    private static float[] Shift(float[] anchors, (long Height, long Width) size, (int X, int Y) stride)
    {
        var all = new float[size.Height * size.Width * anchors.Length];
        var next = 0;
        for (var y = 0; y < size.Height; y++)
        {
            float shiftY = y * stride.Y;
            for (var x = 0; x < size.Width; x++)
            {
                float shiftX = x * stride.X;
                for (var i = 0; i < anchors.Length; i += 4)
                {
                    all[next++] = anchors[i] + shiftX;
                    all[next++] = anchors[i + 1] + shiftY;
                    all[next++] = anchors[i + 2] + shiftX;
                    all[next++] = anchors[i + 3] + shiftY;
                }
            }
        }

        return all;
    }

    private static bool[] Flags((long Height, long Width) size, (long Height, long Width) valid, int anchors)
    {
        var flags = new bool[size.Height * size.Width * anchors];
        for (var y = 0; y < valid.Height; y++)
        {
            flags.AsSpan((int)(y * size.Width * anchors), (int)(valid.Width * anchors)).Fill(true);
        }

        return flags;
    }

    private void RequireLevels(IReadOnlyList<(long Height, long Width)> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count != Strides.Count)
        {
            throw new ArgumentException(
                $"AnchorGenerator: there must be one map per stride, got {sizes.Count} maps for {Strides.Count} " +
                "strides. Give the anchor generator as many strides as the neck has outputs.", nameof(sizes));
        }
    }
}

/// <summary>Which anchors stand at every place of each level.</summary>
public sealed record AnchorGeneratorOptions
{
    /// <summary>(x, y) pixels of the image between two places of a level, finest level first.</summary>
    public required IReadOnlyList<(int X, int Y)> Strides { get; init; }

    /// <summary>Height / width of the anchors.</summary>
    public required IReadOnlyList<float> Ratios { get; init; }

    /// <summary>Sizes of the anchors in base sizes; null when <see cref="OctaveBaseScale"/> makes them.</summary>
    public IReadOnlyList<float>? Scales { get; init; }

    /// <summary>Side of an anchor of scale 1 at each level, in pixels; null: the shorter stride.</summary>
    public IReadOnlyList<float>? BaseSizes { get; init; }

    /// <summary>Whether the scales vary fastest in the order of a place's anchors; else the ratios do.</summary>
    public bool ScaleMajor { get; init; } = true;

    /// <summary>The first scale; the others follow at equal steps inside one octave.</summary>
    public double? OctaveBaseScale { get; init; }

    /// <summary>How many scales an octave has.</summary>
    public int? ScalesPerOctave { get; init; }

    /// <summary>(x, y) of the first place's anchors at each level, in pixels; null: <see cref="CenterOffset"/>.</summary>
    public IReadOnlyList<(float X, float Y)>? Centers { get; init; }

    /// <summary>Where in its cell an anchor's centre stands, in base sizes: 0 top left, 0.5 the cell's centre.</summary>
    public double CenterOffset { get; init; }

    /// <summary>Reads <c>AnchorGenerator</c>.</summary>
    internal static AnchorGeneratorOptions FromConfig(ConfigReader reader)
    {
        var defaults = new AnchorGeneratorOptions
        {
            Strides = ReadStrides(reader),
            Ratios = ReadFloats(reader, "ratios") ?? [],
        };
        var options = defaults with
        {
            Scales = ReadFloats(reader, "scales"),
            BaseSizes = ReadFloats(reader, "base_sizes"),
            ScaleMajor = reader.Bool("scale_major", defaults.ScaleMajor),
            OctaveBaseScale = reader.FloatOrNull("octave_base_scale"),
            ScalesPerOctave = reader.IntOrNull("scales_per_octave"),
            Centers = ReadCenters(reader),
            CenterOffset = reader.Float("center_offset", defaults.CenterOffset),
        };
        options.Check(reader.Error);
        return options;
    }

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("AnchorGenerator", error);
        check.Require(Strides.Count > 0, "strides", "must name at least one level", "none");
        check.RequirePositive("strides", Strides.SelectMany(stride => (int[])[stride.X, stride.Y]));
        check.Require(Ratios.Count > 0, "ratios", "must have at least one entry", "none");
        check.RequirePositive("ratios", Ratios);
        check.Require(
            (Scales is not null) ^ (OctaveBaseScale is not null && ScalesPerOctave is not null),
            "scales", "must be given, or octave_base_scale and scales_per_octave, not both",
            Scales is null ? "neither" : "both");
        check.RequirePositive("scales", Scales ?? [1]);
        check.RequirePositive("octave_base_scale", OctaveBaseScale);
        check.RequirePositive("scales_per_octave", ScalesPerOctave);
        check.Require(CenterOffset is >= 0 and <= 1, "center_offset", "must be in [0, 1]", CenterOffset);
        check.Require(Centers is null || CenterOffset == 0, "centers", "must not stand beside center_offset", "both");
        check.RequireCount("centers", Centers?.Count ?? Strides.Count, Strides.Count, "stride");
        check.RequireCount("base_sizes", BaseSizes?.Count ?? Strides.Count, Strides.Count, "stride");
        check.RequirePositive("base_sizes", BaseSizes ?? []);
    }

    /// <summary>Reads <c>strides</c>: a number or a pair (x, y) per level.</summary>
    internal static (int X, int Y)[] ReadStrides(ConfigReader reader) =>
        reader.Raw("strides") is ConfigSequence { Count: > 0 } strides && strides[0] is ConfigSequence
            ? reader.IntPairsOrNull("strides")!
            : Array.ConvertAll(reader.Ints("strides"), stride => (stride, stride));

    private static float[]? ReadFloats(ConfigReader reader, string key) =>
        reader.FloatsOrNull(key) is { } values ? Array.ConvertAll(values, value => (float)value) : null;

    private static (float X, float Y)[]? ReadCenters(ConfigReader reader) =>
        reader.RawOrNull("centers") switch
        {
            null => null,
            ConfigSequence centers => [.. centers.Select(center => Center(reader, center))],
            _ => throw WrongCenters(reader),
        };

    private static (float X, float Y) Center(ConfigReader reader, ConfigValue center) =>
        center is ConfigSequence { Count: 2 } pair
            ? (Number(reader, pair[0]), Number(reader, pair[1]))
            : throw WrongCenters(reader);

    private static float Number(ConfigReader reader, ConfigValue value) => value is ConfigScalar scalar
        ? scalar.Content switch
        {
            long number => number,
            double number => (float)number,
            _ => throw WrongCenters(reader),
        }
        : throw WrongCenters(reader);

    private static ConfigException WrongCenters(ConfigReader reader) =>
        reader.Error("centers", "must be a list of (x, y), one per stride. Write it as [(4.0, 4.0), (8.0, 8.0)].");
}
