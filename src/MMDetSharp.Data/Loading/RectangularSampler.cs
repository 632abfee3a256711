using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Data.Loading;

/// <summary>
/// How a <see cref="RectangularSampler"/> chooses the sizes of batches; the defaults are those of YOLOv5's val.py.
/// </summary>
public sealed record RectangularOptions
{
    /// <summary>Images that share a size. The loader's batches are as large, or a part of it.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The longer side of the images, in pixels.</summary>
    public int ImageSize { get; init; } = 640;

    /// <summary>Both sides of a batch are multiples of this: the network's largest stride.</summary>
    public int Stride { get; init; } = 32;

    /// <summary>Added before rounding up, in strides.</summary>
    public double Pad { get; init; } = 0.5;

    /// <summary>From a config's <c>batch_shapes_cfg</c>; the names are MMYOLO's.</summary>
    internal static RectangularOptions FromConfig(ConfigReader reader)
    {
        reader.Choice("type", "BatchShapePolicy");
        var defaults = new RectangularOptions();
        var options = new RectangularOptions
        {
            BatchSize = reader.Positive("batch_size", defaults.BatchSize),
            ImageSize = reader.Positive("img_size", defaults.ImageSize),
            Stride = reader.Positive("size_divisor", defaults.Stride),
            Pad = reader.Float("extra_pad_ratio", defaults.Pad),
        };
        reader.Done();
        return options;
    }
}

/// <summary>
/// YOLOv5's rectangular batches for testing: every image once, by rising ratio of height to width, so that images of a
/// batch have like shapes, and for each batch the smallest size that holds them all. Little is padded, and no object is
/// made smaller for it.
/// </summary>
/// <remarks>As ultralytics/yolov5, v3.0 to v7.0: LoadImagesAndLabels with rect=True.</remarks>
public sealed class RectangularSampler : ISampler
{
    private readonly int[] _order;
    private readonly ImageShape[] _shapes;

    /// <param name="dataset">Its images' sizes are read.</param>
    /// <param name="options">The sizes of batches.</param>
    /// <exception cref="DatasetException">The annotations do not tell the size of an image.</exception>
    public RectangularSampler(IDetectionDataset dataset, RectangularOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        var ratios = new double[dataset.Count];
        for (var i = 0; i < ratios.Length; i++)
        {
            ratios[i] = Ratio(dataset.Item(i));
        }

        _order = [.. Enumerable.Range(0, ratios.Length).OrderBy(i => ratios[i])]; // stable
        _shapes = new ImageShape[ratios.Length];
        foreach (var batch in _order.Chunk(options.BatchSize))
        {
            var shape = Shape(ratios[batch[0]], ratios[batch[^1]], options);
            Array.ForEach(batch, index => _shapes[index] = shape);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Order(int epoch) => _order;

    /// <inheritdoc/>
    public ImageShape? BatchShape(int index) => _shapes[index];

    private static double Ratio(DatasetItem item) => item.Width > 0 && item.Height > 0
        ? (double)item.Height / item.Width
        : throw new DatasetException(
            $"{item.ImagePath}: the annotations must tell its width and height, found {item.Width} x {item.Height}. " +
            "Add them, or remove batch_shapes_cfg.");

    // The longer side of the batch is that of the images; the other one is as long as the squarest image needs.
    private static ImageShape Shape(double least, double most, RectangularOptions options)
    {
        var (height, width) = most < 1 ? (most, 1) : least > 1 ? (1, 1 / least) : (1.0, 1.0);
        return new(RoundUp(height), RoundUp(width));

        int RoundUp(double side) =>
            (int)Math.Ceiling(side * options.ImageSize / options.Stride + options.Pad) * options.Stride;
    }
}
