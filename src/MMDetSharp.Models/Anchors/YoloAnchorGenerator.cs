using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Anchors;

/// <summary>
/// Anchors of given widths and heights on the centre of every cell: Redmon and Farhadi, "YOLO9000", arXiv:1612.08242,
/// section 2. The reference's <c>YOLOAnchorGenerator</c>.
/// </summary>
public sealed class YoloAnchorGenerator : IAnchorGenerator
{
    private readonly AnchorGenerator _generator;

    /// <param name="levels">Anchors and stride of each map, in the order of the maps.</param>
    /// <exception cref="ArgumentException">There is no level, or levels have different numbers of anchors.</exception>
    public YoloAnchorGenerator(IReadOnlyList<YoloLevel> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        var counts = levels.Select(level => level.Anchors.Count).Distinct().ToArray();
        if (counts is not [> 0])
        {
            throw new ArgumentException(
                "YOLOAnchorGenerator: every level must have the same number of base_sizes, at least one, got " +
                $"[{string.Join(", ", levels.Select(level => level.Anchors.Count))}]. Add or remove sizes.",
                nameof(levels));
        }

        Levels = levels;
        _generator = new(
            [.. levels.Select(BaseAnchors)], [.. levels.Select(level => (level.Stride, level.Stride))]);
    }

    /// <summary>Anchors and stride of each map.</summary>
    public IReadOnlyList<YoloLevel> Levels { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(int X, int Y)> Strides => _generator.Strides;

    /// <inheritdoc/>
    public IReadOnlyList<int> AnchorsPerPlace => _generator.AnchorsPerPlace;

    /// <summary>Reads <c>YOLOAnchorGenerator</c>.</summary>
    internal static YoloAnchorGenerator FromConfig(ConfigReader reader)
    {
        var strides = reader.Ints("strides");
        new OptionCheck("YOLOAnchorGenerator", reader.Error).RequirePositive("strides", strides);
        var sizes = (reader.Raw("base_sizes") as ConfigSequence)?.Select(level => Sizes(reader, level)).ToArray() ?? [];
        if (sizes.Length != strides.Length)
        {
            throw reader.Error(
                "base_sizes",
                $"must have one list of anchors per stride, got {sizes.Length} for {strides.Length} strides. " +
                "Give each level its anchors: [[(116, 90), ...], [(30, 61), ...]].");
        }

        return new([.. strides.Zip(sizes, (stride, anchors) => new YoloLevel { Stride = stride, Anchors = anchors })]);
    }

    /// <inheritdoc/>
    public Tensor[] GridAnchors(IReadOnlyList<(long Height, long Width)> sizes, Device device) =>
        _generator.GridAnchors(sizes, device);

    /// <inheritdoc/>
    public Tensor[] ValidFlags(IReadOnlyList<(long Height, long Width)> sizes, ImageShape padShape, Device device) =>
        _generator.ValidFlags(sizes, padShape, device);

    /// <summary>Which anchors stand in a cell where the centre of an object's box lies.</summary>
    /// <param name="sizes">Height and width of each level's map, H and W.</param>
    /// <param name="objects">(G, 4) xyxy in pixels of the network's input.</param>
    /// <returns>In the order of <see cref="GridAnchors"/>, the levels one after the other.</returns>
    public bool[] ResponsibleFlags(IReadOnlyList<(long Height, long Width)> sizes, Tensor objects)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        objects.RequireShape([ShapeGuard.Any, 4]);
        var boxes = objects.ToArray();
        var flags = new bool[sizes.Select((size, level) => size.Height * size.Width * AnchorsPerPlace[level]).Sum()];
        var start = 0L;
        for (var level = 0; level < sizes.Count; level++)
        {
            var ((height, width), count) = (sizes[level], AnchorsPerPlace[level]);
            for (var i = 0; i < boxes.Length; i += 4)
            {
                // A centre on the image's very edge belongs to the last cell; the reference would leave the map.
                var x = Cell((boxes[i] + boxes[i + 2]) * 0.5f, Strides[level].X, width);
                var y = Cell((boxes[i + 1] + boxes[i + 3]) * 0.5f, Strides[level].Y, height);
                flags.AsSpan((int)(start + (((y * width) + x) * count)), count).Fill(true);
            }

            start += height * width * count;
        }

        return flags;
    }

    private static long Cell(float center, int stride, long cells) =>
        Math.Clamp((long)MathF.Floor(center / stride), 0, cells - 1);

    private static float[] BaseAnchors(YoloLevel level) =>
        [.. level.Anchors.SelectMany(anchor => Around(level.Stride / 2f, anchor))];

    private static float[] Around(float center, (float Width, float Height) size) =>
    [
        center - (0.5f * size.Width), center - (0.5f * size.Height),
        center + (0.5f * size.Width), center + (0.5f * size.Height),
    ];

    private static (float Width, float Height)[] Sizes(ConfigReader reader, ConfigValue level) =>
        level is ConfigSequence sizes ? [.. sizes.Select(size => Size(reader, size))] : throw WrongSizes(reader);

    private static (float Width, float Height) Size(ConfigReader reader, ConfigValue size) =>
        size is ConfigSequence { Count: 2 } pair
            ? (Number(reader, pair[0]), Number(reader, pair[1]))
            : throw WrongSizes(reader);

    private static float Number(ConfigReader reader, ConfigValue value) => (value as ConfigScalar)?.Content switch
    {
        long number and > 0 => number,
        double number and > 0 => (float)number,
        _ => throw WrongSizes(reader),
    };

    private static ConfigException WrongSizes(ConfigReader reader) => reader.Error(
        "base_sizes",
        "must be a list of (width, height) per level, positive numbers. Write it as [[(116, 90), ...], " +
        "[(30, 61), ...]].");
}
