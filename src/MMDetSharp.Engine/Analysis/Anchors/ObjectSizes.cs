using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>The sizes of a data set's objects as a network sees them.</summary>
public sealed record ObjectSizes
{
    private const double Smallest = 2;

    /// <summary>(G) the objects that are at least 2 pixels wide or high.</summary>
    public required IReadOnlyList<BoxSize> Sizes { get; init; }

    /// <summary>The number of images.</summary>
    public required int ImageCount { get; init; }

    /// <summary>How many smaller objects were left out.</summary>
    public required int TooSmall { get; init; }

    /// <summary>Reads <c>data.train</c> of a config, or a COCO file.</summary>
    /// <param name="path">A <c>.py</c> or a <c>.json</c> file.</param>
    /// <param name="fit">The network's input, and how images get there.</param>
    /// <exception cref="DatasetException">A file is missing or broken.</exception>
    /// <exception cref="ConfigException">The config is wrong.</exception>
    public static ObjectSizes Read(string path, ImageFit fit)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Of(path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Coco(path) : OfConfig(path), fit);
    }

    /// <summary>The sizes of a data set.</summary>
    /// <param name="dataset">Its images' sizes and boxes; no image is read.</param>
    /// <param name="fit">The network's input, and how images get there.</param>
    public static ObjectSizes Of(IDetectionDataset dataset, ImageFit fit)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(fit);
        List<BoxSize> all = [];
        for (var i = 0; i < dataset.Count; i++)
        {
            var item = dataset.Item(i);
            var (x, y) = fit.Factors(item.Width, item.Height);
            all.AddRange(item.Boxes.Chunk(4).Select(box => new BoxSize((box[2] - box[0]) * x, (box[3] - box[1]) * y)));
        }

        var sizes = all.Where(size => Math.Max(size.Width, size.Height) >= Smallest && size.Area > 0).ToList();
        return new() { Sizes = sizes, ImageCount = dataset.Count, TooSmall = all.Count - sizes.Count };
    }

    private static CocoDataset Coco(string path)
    {
        var annotations = CocoAnnotations.Load(path);
        var options = new CocoDatasetOptions
        {
            AnnotationFile = path,
            Classes = [.. annotations.Categories.Select(category => category.Name)],
        };
        return new CocoDataset(options, annotations);
    }

    private static IDetectionDataset OfConfig(string path)
    {
        var data = new ConfigReader(Config.Load(path).Root).Node("data");
        return DatasetBuilder.Build(data.NodesOrOne("train"));
    }
}

/// <summary>How images become the network's input.</summary>
/// <param name="Width">Of the input.</param>
/// <param name="Height">Of the input.</param>
/// <param name="Stretches">Whether they fill it whatever their ratio, as in Darknet; else they keep it, as in YOLOv5.</param>
public sealed record ImageFit(int Width, int Height, bool Stretches = false)
{
    internal (double X, double Y) Factors(int width, int height)
    {
        var (x, y) = ((double)Width / width, (double)Height / height);
        return Stretches ? (x, y) : (Math.Min(x, y), Math.Min(x, y));
    }
}
