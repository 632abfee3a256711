using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>How many rectangles <see cref="CutOut"/> covers, of which sizes, with which colour.</summary>
public sealed record CutOutOptions
{
    /// <summary>Fewest rectangles of an image.</summary>
    public int MinHoles { get; init; } = 1;

    /// <summary>Most rectangles of an image.</summary>
    public int MaxHoles { get; init; } = 1;

    /// <summary>Sizes to draw from, in pixels.</summary>
    public IReadOnlyList<(int Width, int Height)> Shapes { get; init; } = [];

    /// <summary>Sizes to draw from, as shares of the image's sides.</summary>
    public IReadOnlyList<(double Width, double Height)> Ratios { get; init; } = [];

    /// <summary>(C): the colour that covers them.</summary>
    public IReadOnlyList<double> Fill { get; init; } = [0, 0, 0];
}

/// <summary>Covers random rectangles of the image. Cutout, arXiv:1708.04552.</summary>
public sealed class CutOut : ITransform
{
    private readonly CutOutOptions _options;

    /// <param name="options">How many rectangles, of which sizes and colour.</param>
    /// <exception cref="ArgumentException">Sizes are given both in pixels and as shares, or not at all.</exception>
    public CutOut(CutOutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Shapes.Count > 0 == options.Ratios.Count > 0)
        {
            throw new ArgumentException("CutOut: one of cutout_shape and cutout_ratio must be set.");
        }
    }

    /// <summary>From a step of a config.</summary>
    internal static CutOut FromConfig(ConfigReader reader)
    {
        var holes = reader.IntPairOrOne("n_holes") ?? throw reader.Error("n_holes", "is missing. Add n_holes=1.");
        return new(new CutOutOptions
        {
            MinHoles = holes.First,
            MaxHoles = holes.Second,
            Shapes = reader.IntPairsOrNull("cutout_shape") ?? [],
            Ratios = RatiosOf(reader),
            Fill = reader.Floats("fill_in", [0, 0, 0]),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var image = sample.Image;
        var holes = random.NextInt(_options.MinHoles, _options.MaxHoles + 1);
        for (var i = 0; i < holes; i++)
        {
            var (x, y) = (random.NextInt(0, image.Width), random.NextInt(0, image.Height));
            var (width, height) = Size(image, random);
            width = Math.Min(width, image.Width - x);
            height = Math.Min(height, image.Height - y);
            if (width > 0 && height > 0)
            {
                using var patch = Image.Create(
                    new ImageShape(height, width, image.Channels), image.PixelType, [.. _options.Fill]);
                image.PasteInPlace(patch, x, y);
            }
        }

        return true;
    }

    private (int Width, int Height) Size(Image image, IRandomSource random)
    {
        if (_options.Shapes.Count > 0)
        {
            return _options.Shapes[random.NextInt(0, _options.Shapes.Count)];
        }

        var (width, height) = _options.Ratios[random.NextInt(0, _options.Ratios.Count)];
        return ((int)(width * image.Width), (int)(height * image.Height));
    }

    private static (double Width, double Height)[] RatiosOf(ConfigReader reader) => reader.RawOrNull("cutout_ratio") switch
    {
        null => [],
        ConfigSequence { Count: > 0 } list when list[0] is ConfigSequence => [.. list.Select(pair => Pair(reader, pair))],
        var pair => [Pair(reader, pair)],
    };

    private static (double Width, double Height) Pair(ConfigReader reader, ConfigValue value) => value switch
    {
        ConfigSequence { Count: 2 } pair => (Number(reader, pair[0]), Number(reader, pair[1])),
        _ => throw reader.Error("cutout_ratio", $"must be pairs of floats, got {value}. Write cutout_ratio=(0.1, 0.1)."),
    };

    private static double Number(ConfigReader reader, ConfigValue value) => value switch
    {
        ConfigScalar { Content: double number } => number,
        ConfigScalar { Content: long number } => number,
        _ => throw reader.Error("cutout_ratio", $"must be pairs of floats, got {value}. Write cutout_ratio=(0.1, 0.1)."),
    };
}
