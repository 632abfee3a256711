using System.Text.Json;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Data.Datasets;

/// <summary>A whole annotation file in COCO's format: images, categories, and the annotations of each image.</summary>
/// <remarks>Format: https://cocodataset.org/#format-data, task "object detection". Masks are not kept.</remarks>
public sealed class CocoAnnotations
{
    private readonly CocoImage[] _images;
    private readonly CocoCategory[] _categories;
    private readonly CocoAnnotation[] _annotations;   // grouped by image, in the order of the file within each
    private readonly int[] _start;                    // (images + 1): where the group of each image begins
    private readonly Dictionary<long, int> _imageIndex;

    /// <param name="path">The name to show in messages.</param>
    /// <param name="images">In the order of the data set.</param>
    /// <param name="categories">In the order of the file.</param>
    /// <param name="annotations">In the order of the file.</param>
    /// <exception cref="DatasetException">
    /// An id appears twice, or an annotation names an image or a category that is not listed.
    /// </exception>
    public CocoAnnotations(
        string path,
        IReadOnlyList<CocoImage> images,
        IReadOnlyList<CocoCategory> categories,
        IReadOnlyList<CocoAnnotation> annotations)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(annotations);
        Path = path;
        _images = [.. images];
        _categories = [.. categories];
        _imageIndex = Index(_images.Length, i => _images[i].Id, "image");
        var categoryIndex = Index(_categories.Length, i => _categories[i].Id, "category");
        var imageOf = Check(annotations, categoryIndex);
        (_annotations, _start) = Group(annotations, imageOf, _images.Length);
    }

    /// <summary>The file they came from.</summary>
    public string Path { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CocoImage> Images => _images;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CocoCategory> Categories => _categories;

    /// <summary>How many annotations all images have together.</summary>
    public int AnnotationCount => _annotations.Length;

    /// <summary>How many annotations had no <c>area</c>; the area of their box stands in for it.</summary>
    public int WithoutArea { get; init; }

    /// <summary>Reads an annotation file in COCO's format.</summary>
    /// <param name="path">A JSON file in COCO's format.</param>
    /// <exception cref="DatasetException">The file is missing, truncated, not JSON, or contradicts itself.</exception>
    public static CocoAnnotations Load(string path) => CocoAnnotationReader.Read(path);

    /// <summary>All annotations of one image, in the order of the file.</summary>
    /// <param name="image">An index into <see cref="Images"/>.</param>
    public ReadOnlySpan<CocoAnnotation> Of(int image) =>
        _annotations.AsSpan(_start[image], _start[image + 1] - _start[image]);

    /// <summary>The index of an image in <see cref="Images"/>.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="index">The index, if the file lists the image.</param>
    public bool TryFindImage(long id, out int index) => _imageIndex.TryGetValue(id, out index);

    /// <summary>Writes a file in COCO's format, first beside its place, then in one step into it.</summary>
    /// <param name="path">The file to write; its folder is made if missing.</param>
    /// <exception cref="IOException">It cannot be written; an old file of this name is left as it was.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartObject();
            WriteImages(writer);
            WriteAnnotations(writer);
            WriteCategories(writer);
            writer.WriteEndObject();
        });
    }

    private Dictionary<long, int> Index(int count, Func<int, long> idOf, string what)
    {
        var index = new Dictionary<long, int>(count);
        for (var i = 0; i < count; i++)
        {
            if (!index.TryAdd(idOf(i), i))
            {
                throw new DatasetException(
                    $"{Path}: {what} ids must be unique, found {idOf(i)} twice (entries {index[idOf(i)]} and {i}, "
                    + "counted from 0). Give each its own id.");
            }
        }

        return index;
    }

    private int[] Check(IReadOnlyList<CocoAnnotation> annotations, Dictionary<long, int> categoryIndex)
    {
        var seen = new HashSet<long>(annotations.Count);
        var imageOf = new int[annotations.Count];
        for (var i = 0; i < imageOf.Length; i++)
        {
            var annotation = annotations[i];
            if (!seen.Add(annotation.Id))
            {
                throw new DatasetException(
                    $"{Place(annotation)}ids must be unique, found this one twice. Renumber the annotations.");
            }

            if (!_imageIndex.TryGetValue(annotation.ImageId, out imageOf[i]))
            {
                throw new DatasetException(
                    $"{Place(annotation)}the image must be in 'images', which does not list it. "
                    + "Add the image or remove the annotation.");
            }

            if (!categoryIndex.ContainsKey(annotation.CategoryId))
            {
                throw new DatasetException(
                    $"{Place(annotation)}category_id must be in 'categories', found {annotation.CategoryId} where "
                    + $"{KnownIds()} are listed. Add the category or mend the annotation.");
            }
        }

        return imageOf;
    }

    private string Place(in CocoAnnotation annotation) =>
        $"{Path}: annotation {annotation.Id} of image {annotation.ImageId}: ";

    private string KnownIds()
    {
        var ids = string.Join(", ", _categories.Take(10).Select(category => category.Id));
        return _categories.Length > 10 ? $"{ids}, ..." : _categories.Length == 0 ? "none" : ids;
    }

    private static (CocoAnnotation[] Grouped, int[] Start) Group(
        IReadOnlyList<CocoAnnotation> annotations, int[] imageOf, int images)
    {
        var start = new int[images + 1];
        foreach (var image in imageOf)
        {
            start[image + 1]++;
        }

        for (var i = 0; i < images; i++)
        {
            start[i + 1] += start[i];
        }

        var next = start.AsSpan(0, images).ToArray();
        var grouped = new CocoAnnotation[imageOf.Length];
        for (var i = 0; i < imageOf.Length; i++)
        {
            grouped[next[imageOf[i]]++] = annotations[i];
        }

        return (grouped, start);
    }

    private void WriteImages(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("images");
        foreach (var image in _images)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", image.Id);
            writer.WriteString("file_name", image.FileName);
            writer.WriteNumber("width", image.Width);
            writer.WriteNumber("height", image.Height);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteAnnotations(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("annotations");
        foreach (var annotation in _annotations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", annotation.Id);
            writer.WriteNumber("image_id", annotation.ImageId);
            writer.WriteNumber("category_id", annotation.CategoryId);
            writer.WriteStartArray("bbox");
            writer.WriteNumberValue(annotation.X);
            writer.WriteNumberValue(annotation.Y);
            writer.WriteNumberValue(annotation.Width);
            writer.WriteNumberValue(annotation.Height);
            writer.WriteEndArray();
            writer.WriteNumber("area", annotation.Area);
            writer.WriteNumber("iscrowd", annotation.IsCrowd ? 1 : 0);
            if (annotation.IsIgnored)
            {
                writer.WriteNumber("ignore", 1);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteCategories(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("categories");
        foreach (var category in _categories)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", category.Id);
            writer.WriteString("name", category.Name);
            writer.WriteString("supercategory", "");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
