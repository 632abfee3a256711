using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Analysis;

/// <summary>Which places learn which object: an image of the training, once for each level.</summary>
public static class PositivesSheet
{
    private const int Columns = 3;

    /// <summary>Writes one image of a training's first epoch with its objects, and beside it the positives of each level.</summary>
    /// <param name="config">A training's config.</param>
    /// <param name="options">Which image, which weights, and where to.</param>
    /// <returns>(L) positives of each level.</returns>
    /// <exception cref="ConfigException">The config is wrong.</exception>
    /// <exception cref="NotSupportedException">The detector's targets do not stand on places.</exception>
    public static IReadOnlyList<int> Write(Config config, PositivesSheetOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        using var scope = TensorScope.Begin();
        using var generator = new Generator((ulong)options.Seed);
        using var detector = Detector(config, options, generator);
        var loader = new DataConfig(new ConfigReader(config.Root).Node("data")).TrainLoader("train", options.Seed);
        var painter = new DetectionPainter(loader.Dataset.Classes, new() { ShowScore = false });
        var left = options.Index;
        foreach (var loaded in loader.Epoch(0))
        {
            using (loaded)
            {
                if (left < loaded.Batch.Count)
                {
                    return Write(One(loaded.Batch, left), detector, painter, options.File);
                }

                left -= loaded.Batch.Count;
            }
        }

        throw new ArgumentException(
            $"PositivesSheet: the index must be below the number of images, {options.Index - left}, got {options.Index}. Take a smaller one.",
            nameof(options));
    }

    private static Detector Detector(Config config, PositivesSheetOptions options, Generator generator)
    {
        if (options.Checkpoint is { } checkpoint)
        {
            var trained = ModelLoading.Load(config, checkpoint, Device.Cpu);
            trained.UseRandomness(generator);
            return trained;
        }

        var detector = DetectorBuilder.Build(config);
        detector.InitWeights(generator);
        detector.UseRandomness(generator);
        detector.Eval();
        return detector;
    }

    private static Batch One(Batch batch, int index) =>
        new(batch.Images.Narrow(0, index, 1), [batch.Infos[index]], [batch.GroundTruths[index]]);

    private static int[] Write(Batch batch, Detector detector, DetectionPainter painter, string file)
    {
        var places = detector.LocatePositives(batch).ToLookup(place => place.Level);
        var levels = places.Count == 0 ? 0 : places.Max(level => level.Key) + 1;
        var counts = Enumerable.Range(0, levels).Select(level => places[level].Count()).ToArray();
        using var image = BatchImage.Of(batch, 0);
        using var objects = painter.Paint(image, Objects(batch));
        var panels = new List<Image> { Titled(objects, $"{batch.GroundTruths[0].Count} objects") };
        try
        {
            panels.AddRange(counts.Select((count, level) => Panel(image, batch, [.. places[level]], $"level {level}: {count} positive")));
            using var sheet = Sheet(panels);
            ImageFile.Write(sheet, file);
        }
        finally
        {
            panels.ForEach(panel => panel.Dispose());
        }

        return counts;
    }

    private static PaintedBox[] Objects(Batch batch)
    {
        var (boxes, labels) = (batch.GroundTruths[0].Boxes.ToArray(), batch.GroundTruths[0].Labels.ToInt64Array());
        return [.. labels.Select((label, i) => new PaintedBox(
            boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3], (int)label))];
    }

    private static Image Panel(Image image, Batch batch, PositivePlace[] places, string title)
    {
        using var framed = new DetectionPainter([], new() { ShowClass = false, ShowScore = false }).Paint(image, Objects(batch));
        var panel = Titled(framed, title);
        var side = Math.Max(3, (image.Width + image.Height) / 200);
        foreach (var place in places)
        {
            var (x, y) = ((int)Math.Round(place.X) - (side / 2), (int)Math.Round(place.Y) - (side / 2));
            panel.FillRectangle(x - 1, y - 1, side + 2, side + 2, Color.Black, 1);
            panel.FillRectangle(x, y, side, side, Palette.At(place.Label), 1);
        }

        return panel;
    }

    private static Image Titled(Image image, string title)
    {
        var titled = image.Clone();
        var style = TextStyle.OfHeight(Math.Max(10, image.Height * 0.03));
        var size = ImageDrawing.Measure(title, style);
        titled.FillRectangle(0, 0, size.Width + 16, size.Ascent + size.Descent + 12, Color.White, 0.9);
        titled.DrawText(title, 8, size.Ascent + 6, Color.Black, style);
        return titled;
    }

    private static Image Sheet(List<Image> panels)
    {
        var (width, height) = (panels[0].Width, panels[0].Height);
        var columns = Math.Min(Columns, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var sheet = Image.Create(new ImageShape(rows * height, columns * width), PixelType.UInt8, 255, 255, 255);
        for (var i = 0; i < panels.Count; i++)
        {
            var (left, top) = (i % columns * width, i / columns * height);
            for (var y = 0; y < height; y++)
            {
                panels[i].Bytes.Slice(y * width * 3, width * 3).CopyTo(sheet.Bytes[((((top + y) * columns * width) + left) * 3)..]);
            }
        }

        return sheet;
    }
}

/// <summary>Which image a <see cref="PositivesSheet"/> shows, with which weights, and where it goes.</summary>
public sealed record PositivesSheetOptions
{
    /// <summary>The file to write; its folder is made where it is missing.</summary>
    public required string File { get; init; }

    /// <summary>Which image of the training's first epoch, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The weights, for assignments that depend on them; null: fresh ones.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The seed of the training.</summary>
    public int Seed { get; init; }
}
