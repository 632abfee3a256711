using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>What only YOLO heads are composed of, by their names in configs.</summary>
internal static class YoloPartTable
{
    /// <summary>The assigners that know cells.</summary>
    internal static Registry<GridAssigner> Assigners { get; } = new("assigner of a YOLO head", new()
    {
        ["GridAssigner"] = Grid,
    });

    /// <summary>The coders that know strides.</summary>
    internal static Registry<IYoloBBoxCoder> Coders { get; } = new("box coder of a YOLO head", new()
    {
        ["YOLOBBoxCoder"] = reader => new YoloBBoxCoder(reader.Float("scale_x_y", 1), reader.Float("eps", 1e-6)),
        ["YOLOV5BBoxCoder"] = reader => new YoloV5BBoxCoder(reader.Float("eps", 1e-6)),
    });

    /// <summary>The anchor generators that know responsibility.</summary>
    internal static Registry<YoloAnchorGenerator> Anchors { get; } = new("anchor generator of a YOLO head", new()
    {
        ["YOLOAnchorGenerator"] = Generator,
    });

    private static GridAssigner Grid(ConfigReader reader)
    {
        if (reader.NodeOrNull("iou_calculator") is { } calculator)
        {
            AssignerTable.IoUCalculators.Build(calculator); // it has its own arithmetic of upright boxes
        }

        var defaults = new GridAssignerOptions
        {
            PositiveIoU = reader.Float("pos_iou_thr"),
            NegativeIoU = reader.FloatsOrOne("neg_iou_thr") switch
            {
                [var to] => (-1, to), // an overlap of 0 is background
                [var above, var to] => (above, to),
                _ => throw reader.Error("neg_iou_thr", "must be a number, or a pair (above, to). Set it to 0.5."),
            },
        };
        return new GridAssigner(defaults with
        {
            MinPositiveIoU = reader.Float("min_pos_iou", defaults.MinPositiveIoU),
            AssignAllBest = reader.Bool("gt_max_assign_all", defaults.AssignAllBest),
        });
    }

    private static YoloAnchorGenerator Generator(ConfigReader reader)
    {
        var strides = reader.Ints("strides");
        var sizes = (reader.Raw("base_sizes") as ConfigSequence)?.Select(level => Sizes(reader, level)).ToArray() ?? [];
        if (sizes.Length != strides.Length)
        {
            throw reader.Error(
                "base_sizes",
                $"must have one list of anchors per stride, got {sizes.Length} for {strides.Length} strides. " +
                "Give each level its anchors: [[(116, 90), ...], [(30, 61), ...]].");
        }

        try
        {
            return new(
                [.. strides.Zip(sizes, (stride, anchors) => new YoloLevel { Stride = stride, Anchors = anchors })]);
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

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
