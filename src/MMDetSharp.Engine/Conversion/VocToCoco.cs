using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Conversion;

/// <summary>What <see cref="VocToCoco"/> reads and writes.</summary>
public sealed record VocToCocoOptions
{
    /// <summary>The folder that holds <c>Annotations</c>, <c>ImageSets/Main</c> and the images.</summary>
    public required string Root { get; init; }

    /// <summary>The COCO file to write.</summary>
    public required string Output { get; init; }

    /// <summary>The list of images: <c>ImageSets/Main/SPLIT.txt</c>.</summary>
    public string Split { get; init; } = "train";

    /// <summary>A file with one image name a line, in place of the split's; null: the split's.</summary>
    public string? SplitFile { get; init; }

    /// <summary>The folder of the images, below <see cref="Root"/>.</summary>
    public string ImageFolder { get; init; } = "JPEGImages";

    /// <summary>
    /// The classes to keep, in the order of their category ids from 1. None: VOC's 20 where all names are among
    /// them, else all names found below <c>Annotations</c>, sorted, so that every split gets the same.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether each image must be there, with the size its annotation says.</summary>
    public bool CheckImages { get; init; } = true;
}

/// <summary>Converts annotations in PASCAL VOC's XML format to one JSON file in COCO's.</summary>
/// <remarks>
/// VOC counts pixels from 1 and names the last pixel of an object; COCO has the left upper corner from 0, width
/// and height: x = xmin - 1, width = xmax - xmin + 1, and the same for y. Difficult objects become crowds, which
/// training and evaluation leave aside as VOC does with difficult ones. Boxes without width or height are left out.
/// </remarks>
public sealed class VocToCoco
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".JPG", ".JPEG", ".PNG"];

    private readonly VocToCocoOptions _options;
    private readonly List<CocoImage> _images = [];
    private readonly List<CocoAnnotation> _boxes = [];
    private readonly Dictionary<string, (int Count, string First)> _remarks = [];

    private VocToCoco(VocToCocoOptions options) => _options = options;

    /// <summary>Reads the annotations of a split and writes them as one file.</summary>
    /// <param name="options">Folders, split, classes and output.</param>
    /// <returns>What was written, and what was left out.</returns>
    /// <exception cref="DatasetException">A file is missing or broken, or an image is listed twice.</exception>
    public static VocToCocoReport Convert(VocToCocoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new VocToCoco(options).Convert();
    }

    private VocToCocoReport Convert()
    {
        var names = ReadSplit();
        var read = names.ToDictionary(name => name, name => VocAnnotation.Load(AnnotationPath(name)));
        var classes = _options.Classes.Count > 0 ? _options.Classes : FindClasses(read);
        foreach (var name in names)
        {
            AddImage(name, read[name], classes);
        }

        var categories = classes.Select((name, label) => new CocoCategory(label + 1, name)).ToList();
        var annotations = new CocoAnnotations(_options.Output, _images, categories, _boxes);
        annotations.Save(_options.Output);
        return new VocToCocoReport
        {
            Annotations = annotations,
            Classes = [.. categories.Select(c => (c.Name, _boxes.Count(box => box.CategoryId == c.Id)))],
            Warnings = [.. _remarks.Select(r => $"{r.Value.First}: {r.Key} ({r.Value.Count} in all).")],
        };
    }

    private List<string> ReadSplit()
    {
        var folder = Path.Combine(_options.Root, "ImageSets", "Main");
        var file = _options.SplitFile ?? Path.Combine(folder, $"{_options.Split}.txt");
        if (!File.Exists(file))
        {
            var found = Directory.Exists(folder)
                ? Directory.GetFiles(folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order().Take(20).ToList()
                : [];
            throw new DatasetException(
                $"{file}: the list of images does not exist. "
                + (found.Count > 0
                    ? $"Splits there: {string.Join(", ", found)}."
                    : $"{folder} holds none: is the root right?"));
        }

        // Per-class lists of VOC have a second column, 1 or -1.
        var names = File.ReadLines(file)
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0)
            .Select(words => words[0])
            .ToList();
        var twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new DatasetException($"{file}: images must be listed once, found '{twice.Key}' twice. Remove one.");
        }

        return names.Count > 0
            ? names
            : throw new DatasetException($"{file}: must list images, one a line, found none. Is the split right?");
    }

    private string AnnotationPath(string name) => Path.Combine(_options.Root, "Annotations", $"{name}.xml");

    private List<string> FindClasses(Dictionary<string, VocAnnotation> read)
    {
        var names = Directory.GetFiles(Path.Combine(_options.Root, "Annotations"), "*.xml")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => !read.ContainsKey(name!))
            .Select(name => VocAnnotation.Load(AnnotationPath(name!)))
            .Concat(read.Values)
            .SelectMany(annotation => annotation.Objects)
            .Select(box => box.Name)
            .ToHashSet();
        return names.Count > 0 && names.IsSubsetOf(ClassNames.Voc)
            ? [.. ClassNames.Voc]
            : [.. names.Order(StringComparer.Ordinal)];
    }

    private void AddImage(string name, VocAnnotation annotation, IReadOnlyList<string> classes)
    {
        var (fileName, width, height) = FindImage(name, annotation);
        var id = _images.Count + 1;
        _images.Add(new CocoImage(id, fileName, width, height));
        for (var i = 0; i < annotation.Objects.Count; i++)
        {
            var box = annotation.Objects[i];
            var label = classes.ToList().IndexOf(box.Name);
            if (label < 0)
            {
                Remark($"objects of class '{box.Name}' are not asked for and were left out", annotation.Path);
            }
            else if (box.XMax <= box.XMin || box.YMax <= box.YMin)
            {
                Remark("boxes without width or height were left out", $"{annotation.Path}: object {i} ({box.Name})");
            }
            else
            {
                AddBox(id, label + 1, box, annotation, (width, height));
            }
        }
    }

    private void AddBox(
        int imageId, int categoryId, in VocObject box, VocAnnotation annotation, (int Width, int Height) size)
    {
        if (box.XMin < 1 || box.YMin < 1 || box.XMax > size.Width || box.YMax > size.Height)
        {
            Remark("boxes that reach beyond the image were kept as they are", annotation.Path);
        }

        var width = box.XMax - box.XMin + 1;
        var height = box.YMax - box.YMin + 1;
        _boxes.Add(new CocoAnnotation(_boxes.Count + 1, imageId, categoryId)
        {
            X = box.XMin - 1,
            Y = box.YMin - 1,
            Width = width,
            Height = height,
            Area = width * height,
            IsCrowd = box.IsDifficult,
        });
    }

    /// <summary>The image's file name and size; where image and annotation differ, the image is right.</summary>
    private (string FileName, int Width, int Height) FindImage(string name, VocAnnotation annotation)
    {
        var folder = Path.Combine(_options.Root, _options.ImageFolder);
        var fileName = Extensions.Select(e => name + e).FirstOrDefault(file => File.Exists(Path.Combine(folder, file)));
        if (fileName is null && _options.CheckImages)
        {
            throw new DatasetException(
                $"{annotation.Path}: the image must be in {folder}, found no {name}.jpg or .png. "
                + "Add it, or take its name out of the image set.");
        }

        fileName ??= $"{name}.jpg";
        var path = Path.Combine(folder, fileName);
        var (width, height) = annotation.SizeOf(path);
        if (_options.CheckImages && VocAnnotation.TryReadImageSize(path, out var size) && size != (width, height))
        {
            Remark("sizes that differ from the image's were replaced by it", annotation.Path);
            return (fileName, size.Width, size.Height);
        }

        return (fileName, width, height);
    }

    private void Remark(string what, string where)
    {
        var (count, first) = _remarks.GetValueOrDefault(what, (0, where));
        _remarks[what] = (count + 1, first);
    }
}

/// <summary>Annotations, counts and warnings of one conversion.</summary>
public sealed record VocToCocoReport
{
    /// <summary>The annotations in COCO's format, as written.</summary>
    public required CocoAnnotations Annotations { get; init; }

    /// <summary>Names in the order of their category ids, and how many boxes each has.</summary>
    public required IReadOnlyList<(string Name, int Boxes)> Classes { get; init; }

    /// <summary>One line for each kind of thing left out or mended.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
