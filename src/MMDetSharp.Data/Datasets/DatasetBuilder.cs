using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>Builds data sets from the <c>data</c> part of a config.</summary>
public static class DatasetBuilder
{
    private static readonly ContextRegistry<IDetectionDataset, bool> Datasets = new("data set", new()
    {
        ["CocoDataset"] = (reader, testMode) => BuildCoco(reader, testMode, ClassNames.Coco),
        ["VOC_CocoFormat"] = (reader, testMode) => BuildCoco(reader, testMode, ClassNames.Voc),
        ["WiderFace_CocoFormat"] = (reader, testMode) => BuildCoco(reader, testMode, ClassNames.WiderFace),
        ["XMLDataset"] = (reader, testMode) => BuildXml(reader, testMode, null, XmlLayout.Voc),
        ["VOCDataset"] = BuildVoc,
        ["WIDERFaceDataset"] = (reader, testMode) =>
            BuildXml(reader, testMode, ClassNames.WiderFace, XmlLayout.WiderFace),
        ["RepeatDataset"] = (reader, testMode) =>
            new RepeatDataset(Build(reader.Node("dataset"), testMode), reader.Int("times")),
        ["ConcatDataset"] = (reader, testMode) => new ConcatDataset(
            [.. reader.Nodes("datasets").Select(part => Build(part, testMode))], reader.Bool("separate_eval", true)),
        ["ClassBalancedDataset"] = (reader, testMode) => new ClassBalancedDataset(
            Build(reader.Node("dataset"), testMode),
            reader.Float("oversample_thr"),
            reader.Bool("filter_empty_gt", true)),
        ["MultiImageMixDataset"] = BuildMixed,
    });

    /// <summary>
    /// Builds what one node describes, such as <c>data.train</c>; its <c>pipeline</c> is left to its own builder.
    /// </summary>
    /// <param name="reader">A node with a type of MMDetection's data sets or wrappers.</param>
    /// <param name="testMode">True for <c>data.val</c> and <c>data.test</c>: no image is left out.</param>
    /// <exception cref="ConfigException">The type or an option is unknown, missing or of a wrong type.</exception>
    /// <exception cref="DatasetException">A file is missing or broken, or does not fit the options.</exception>
    public static IDetectionDataset Build(ConfigReader reader, bool testMode = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Datasets.Build(reader, testMode);
    }

    /// <summary>Builds a list of nodes as one data set, as MMDetection does for <c>data.train=[...]</c>.</summary>
    /// <param name="readers">At least one node.</param>
    /// <param name="testMode">True for <c>data.val</c> and <c>data.test</c>.</param>
    /// <exception cref="ConfigException">A type or an option is unknown, missing or of a wrong type.</exception>
    /// <exception cref="DatasetException">A file is missing or broken, or does not fit the options.</exception>
    public static IDetectionDataset Build(IReadOnlyList<ConfigReader> readers, bool testMode = false)
    {
        ArgumentNullException.ThrowIfNull(readers);
        return readers.Count == 1
            ? Build(readers[0], testMode)
            : new ConcatDataset([.. readers.Select(reader => Build(reader, testMode))]);
    }

    /// <summary>The <c>pipeline</c> of a node, or of the data set inside a wrapper.</summary>
    /// <param name="reader">As for <see cref="Build(ConfigReader, bool)"/>.</param>
    /// <exception cref="ConfigException">There is none.</exception>
    public static IReadOnlyList<ConfigReader> Pipeline(ConfigReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.NodeOrNull("dataset") is { } inner ? Pipeline(inner)
            : reader.NodesOrNull("datasets") is [var first, ..] ? Pipeline(first)
            : reader.Nodes("pipeline");
    }

    // Its images are those of the data set inside; what is mixed is the pipeline's part (PipelineBuilder.ForDataset).
    private static IDetectionDataset BuildMixed(ConfigReader reader, bool testMode)
    {
        reader.Ignore("pipeline", "skip_type_keys", "max_refetch");
        return Build(reader.Node("dataset"), testMode);
    }

    private static IDetectionDataset BuildCoco(ConfigReader reader, bool testMode, IReadOnlyList<string> classes)
    {
        var options = new CocoDatasetOptions
        {
            AnnotationFile = "",
            DataRoot = reader.StringOrNull("data_root"),
            Classes = Classes(reader) ?? classes,
            TestMode = testMode || reader.Bool("test_mode", false),
            FilterEmpty = reader.Bool("filter_empty_gt", true),
        };
        return BuildParts(
            reader,
            (annotations, images) =>
                new CocoDataset(options with { AnnotationFile = annotations, ImageFolder = images }));
    }

    private static IDetectionDataset BuildVoc(ConfigReader reader, bool testMode) =>
        BuildXml(reader, testMode, ClassNames.Voc, null);

    private static IDetectionDataset BuildXml(
        ConfigReader reader, bool testMode, IReadOnlyList<string>? classes, XmlLayout? layout)
    {
        var options = new XmlDatasetOptions
        {
            AnnotationFile = "",
            DataRoot = reader.StringOrNull("data_root"),
            Classes = Classes(reader) ?? classes
                ?? throw reader.Error("classes", "must list the class names: this type has none of its own. Add them."),
            TestMode = testMode || reader.Bool("test_mode", false),
            FilterEmpty = reader.Bool("filter_empty_gt", true),
            MinBoxSize = reader.Float("min_size", 0),
        };
        return BuildParts(reader, (annotations, images) => new XmlDataset(options with
        {
            AnnotationFile = annotations,
            ImageFolder = images,
            Layout = layout ?? YearOf(reader, DatasetPath.Under(options.DataRoot, images)),
        }));
    }

    /// <summary>As the reference: the folder's name decides how VOC is evaluated.</summary>
    private static XmlLayout YearOf(ConfigReader reader, string folder) =>
        folder.Contains("VOC2007", StringComparison.Ordinal) ? XmlLayout.Voc2007
        : folder.Contains("VOC2012", StringComparison.Ordinal) ? XmlLayout.Voc
        : throw reader.Error(
            "img_prefix",
            $"must contain VOC2007 or VOC2012, which decides how AP is computed, got '{folder}'. "
            + "Use type='XMLDataset' with classes=(...) for data of your own.");

    /// <summary>One data set for each annotation file; several become one by concatenation.</summary>
    private static IDetectionDataset BuildParts(ConfigReader reader, Func<string, string, IDetectionDataset> build)
    {
        reader.Ignore("pipeline", "seg_prefix");
        var separate = reader.Bool("separate_eval", true);
        if (reader.Has("proposal_file"))
        {
            throw reader.Error("proposal_file", "is not supported: detectors make their own proposals. Remove it.");
        }

        var files = reader.StringsOrOne("ann_file") ?? [reader.String("ann_file")];
        var folders = reader.StringsOrOne("img_prefix") ?? [""];
        if (folders.Length != files.Length && folders.Length != 1)
        {
            throw reader.Error(
                "img_prefix", $"must be one folder, or one for each of {files.Length} ann_file, got {folders.Length}.");
        }

        var parts = files.Select((file, i) => build(file, folders.Length == 1 ? folders[0] : folders[i])).ToList();
        return parts.Count == 1 ? parts[0] : new ConcatDataset(parts, separate);
    }

    /// <summary>A list of names, or a file with one a line; null where the key is missing.</summary>
    private static IReadOnlyList<string>? Classes(ConfigReader reader) => reader.RawOrNull("classes") switch
    {
        null => null,
        ConfigScalar => ClassNames.Load(reader.String("classes")),
        _ => reader.Strings("classes"),
    };
}
