using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Builds pipelines from configs.</summary>
public static class PipelineBuilder
{
    private static readonly Registry<ITransform> s_transforms = new("transform", new()
    {
        ["LoadImageFromFile"] = LoadImageFromFile.FromConfig,
        ["LoadAnnotations"] = LoadAnnotations.FromConfig,
        ["Resize"] = Resize.FromConfig,
        ["DarknetResize"] = DarknetResize.FromConfig,
        ["LetterResize"] = LetterResize.FromConfig,
        ["YOLOv5KeepRatioResize"] = YoloV5KeepRatioResize.FromConfig,
        ["RandomFlip"] = RandomFlip.FromConfig,
        ["RandomCrop"] = RandomCrop.FromConfig,
        ["MinIoURandomCrop"] = MinIoURandomCrop.FromConfig,
        ["RandomCenterCropPad"] = RandomCenterCropPad.FromConfig,
        ["Expand"] = Expand.FromConfig,
        ["CutOut"] = CutOut.FromConfig,
        ["Mosaic"] = Mosaic.FromConfig,
        ["MixUp"] = MixUp.FromConfig,
        ["YOLOv5MixUp"] = YoloV5MixUp.FromConfig,
        ["RandomAffine"] = RandomAffine.FromConfig,
        ["YOLOv5RandomAffine"] = RandomAffine.FromYoloV5,
        ["PhotoMetricDistortion"] = PhotoMetricDistortion.FromConfig,
        ["YOLOXHSVRandomAug"] = RandomHsv.FromYoloX,
        ["YOLOv5HSVRandomAug"] = RandomHsv.FromYoloV5,
        ["Normalize"] = Normalize.FromConfig,
        ["Pad"] = Pad.FromConfig,
        ["DefaultFormatBundle"] = _ => new DefaultFormatBundle(),
        ["ImageToTensor"] = ImageToTensor.FromConfig,
        ["Collect"] = Collect.FromConfig,
        ["MultiScaleFlipAug"] = MultiScaleFlipAug.FromConfig,
    });

    /// <summary>The transforms that configs may name.</summary>
    public static IReadOnlyCollection<string> Names => s_transforms.Names;

    /// <summary>A pipeline from a config's list of steps, such as <c>data.train.pipeline</c>.</summary>
    /// <param name="steps">One node per step: <c>config.Nodes("pipeline")</c>.</param>
    /// <exception cref="ConfigException">A step is unknown, or its options are; the message tells file and line.</exception>
    public static Pipeline Build(IReadOnlyList<ConfigReader> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return new Pipeline([.. steps.Select(BuildStep)]);
    }

    /// <summary>
    /// The pipeline that a data set's node describes. For a <c>MultiImageMixDataset</c>, also inside other wrappers:
    /// the inner data set's pipeline, then its own, which may mix images of the whole data set.
    /// </summary>
    /// <param name="node">Such as <c>data.train</c>.</param>
    /// <param name="dataset">The images that may be mixed.</param>
    /// <exception cref="ConfigException">A step is unknown, or its options are; the message tells file and line.</exception>
    public static ITransform ForDataset(ConfigReader node, IDetectionDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (MixNode(node) is not { } mix)
        {
            return Build(DatasetBuilder.Pipeline(node));
        }

        var skipped = mix.StringsOrNull("skip_type_keys") ?? [];
        return new MixPipeline(
            dataset,
            Build(DatasetBuilder.Pipeline(mix.Node("dataset"))),
            Build([.. mix.Nodes("pipeline").Where(step => !skipped.Contains(step.TypeName))]));
    }

    /// <summary>Builds the transform that a step's <c>type</c> names.</summary>
    internal static ITransform BuildStep(ConfigReader reader) => s_transforms.Build(reader);

    private static ConfigReader? MixNode(ConfigReader node) =>
        node.TypeName == "MultiImageMixDataset" ? node
        : node.NodeOrNull("dataset") is { } inner ? MixNode(inner)
        : node.NodesOrNull("datasets") is [var first, ..] ? MixNode(first)
        : null;
}
