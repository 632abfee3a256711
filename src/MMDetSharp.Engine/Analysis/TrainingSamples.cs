using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Engine.Analysis;

/// <summary>What a model sees in training: images as the pipeline makes them, with their boxes.</summary>
public static class TrainingSamples
{
    /// <summary>Writes the first images of a training's first epoch.</summary>
    /// <param name="config">A training's config.</param>
    /// <param name="options">How many, and where.</param>
    /// <returns>The paths of the files written, one per image.</returns>
    /// <exception cref="ConfigException">The config is wrong.</exception>
    public static IReadOnlyList<string> Write(Config config, TrainingSamplesOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        var loader = new DataConfig(new ConfigReader(config.Root).Node("data")).TrainLoader("train", options.Seed);
        var painter = new DetectionPainter(loader.Dataset.Classes);
        List<string> files = [];
        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
            {
                for (var i = 0; i < batch.Batch.Count && files.Count < options.Count; i++)
                {
                    files.Add(Path.Combine(options.Folder, $"sample_{files.Count}.jpg"));
                    Paint(batch.Batch, i, painter, files[^1]);
                }
            }

            if (files.Count >= options.Count)
            {
                break;
            }
        }

        return files;
    }

    private static void Paint(Batch batch, int index, DetectionPainter painter, string path)
    {
        using var image = BatchImage.Of(batch, index);
        var (boxes, labels) = (batch.GroundTruths[index].Boxes.ToArray(), batch.GroundTruths[index].Labels.ToInt64Array());
        using var painted = painter.Paint(image, [.. labels.Select((label, i) => new PaintedBox(
            boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3], (int)label, null))]);
        ImageFile.Write(painted, path);
    }
}

/// <summary>Which samples are written, and where.</summary>
public sealed record TrainingSamplesOptions
{
    /// <summary>The folder; made where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>How many images.</summary>
    public int Count { get; init; } = 8;

    /// <summary>The seed of the training.</summary>
    public int Seed { get; init; }
}
