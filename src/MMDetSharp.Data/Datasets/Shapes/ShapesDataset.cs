using System.Globalization;

using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Datasets.Shapes;

/// <summary>The size and the seed of a set of drawn shapes.</summary>
public sealed record ShapesOptions
{
    /// <summary>Images to train on, at least 1.</summary>
    public int TrainImages { get; init; } = 400;

    /// <summary>Images to evaluate on, at least 1.</summary>
    public int ValImages { get; init; } = 100;

    /// <summary>Height and width in pixels, at least 64.</summary>
    public int Side { get; init; } = 128;

    /// <summary>The most shapes in one image, at least 1.</summary>
    public int MaxShapes { get; init; } = 4;

    /// <summary>Equal seeds give equal files.</summary>
    public long Seed { get; init; } = 20200901;
}

/// <summary>
/// Draws a small data set in COCO's format: circles, squares and triangles. It serves to try everything out without
/// any download.
/// </summary>
public static class ShapesDataset
{
    /// <summary>The names of the classes, in the order of the category ids 1, 2, 3.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["circle", "square", "triangle"];

    /// <summary>
    /// Writes <c>train/</c>, <c>val/</c> and <c>annotations/{train,val}.json</c> below a folder.
    /// </summary>
    /// <param name="folder">Made when it is missing; files of the same names are overwritten.</param>
    /// <param name="options">How many images, of which size.</param>
    /// <exception cref="ArgumentException">An option is below its limit.</exception>
    public static void Write(string folder, ShapesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TrainImages < 1 || options.ValImages < 1 || options.Side < 64 || options.MaxShapes < 1)
        {
            throw new ArgumentException(
                $"ShapesDataset: there must be at least one image in each split, of 64 pixels, with one shape, got " +
                $"{options}. Raise what is too small.", nameof(options));
        }

        WriteSplit(folder, "train", options, first: 0, options.TrainImages);
        WriteSplit(folder, "val", options, first: options.TrainImages, options.ValImages);
    }

    private static void WriteSplit(string folder, string split, ShapesOptions options, int first, int count)
    {
        Directory.CreateDirectory(Path.Combine(folder, split));
        Directory.CreateDirectory(Path.Combine(folder, "annotations"));
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        for (var i = 0; i < count; i++)
        {
            var scene = new ShapesImage(options, first + i);
            var name = (i + 1).ToString("D6", CultureInfo.InvariantCulture) + ".jpg";
            using var image = scene.Draw();
            ImageFile.Write(image, Path.Combine(folder, split, name));
            images.Add(new CocoImage(i + 1, name, options.Side, options.Side));
            foreach (var shape in scene.Shapes)
            {
                annotations.Add(Annotation(shape, annotations.Count, i + 1));
            }
        }

        var path = Path.Combine(folder, "annotations", split + ".json");
        new CocoAnnotations(path, images, Categories(), annotations).Save(path);
    }

    private static CocoAnnotation Annotation(DrawnShape shape, int before, long image) =>
        new(before + 1, image, (long)shape.Kind + 1)
        {
            X = shape.X,
            Y = shape.Y,
            Width = shape.Width,
            Height = shape.Height,
            Area = shape.Width * shape.Height,
        };

    private static CocoCategory[] Categories() => [.. Classes.Select((name, i) => new CocoCategory(i + 1, name))];
}
