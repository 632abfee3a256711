using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>Builds data sets from the <c>data</c> part of a config.</summary>
public static class DatasetBuilder
{
    private static readonly ContextRegistry<IDetectionDataset, bool> Datasets = new("data set", new()
    {
        ["CocoDataset"] = (reader, testMode) => CocoDataset.FromConfig(reader, testMode, ClassNames.Coco),
        ["VOC_CocoFormat"] = (reader, testMode) => CocoDataset.FromConfig(reader, testMode, ClassNames.Voc),
        ["WiderFace_CocoFormat"] = (reader, testMode) => CocoDataset.FromConfig(reader, testMode, ClassNames.WiderFace),
        ["XMLDataset"] = (reader, testMode) => XmlDataset.FromConfig(reader, testMode, null, XmlLayout.Voc),
        ["VOCDataset"] = (reader, testMode) => XmlDataset.FromConfig(reader, testMode, ClassNames.Voc, null),
        ["WIDERFaceDataset"] = (reader, testMode) =>
            XmlDataset.FromConfig(reader, testMode, ClassNames.WiderFace, XmlLayout.WiderFace),
        ["RepeatDataset"] = RepeatDataset.FromConfig,
        ["ConcatDataset"] = ConcatDataset.FromConfig,
        ["ClassBalancedDataset"] = ClassBalancedDataset.FromConfig,
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
}
