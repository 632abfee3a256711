using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>What a <see cref="CocoDataset"/> reads and keeps.</summary>
public sealed record CocoDatasetOptions
{
    /// <summary>The JSON file (<c>ann_file</c>); relative to <see cref="DataRoot"/> if that is set.</summary>
    public required string AnnotationFile { get; init; }

    /// <summary>The folder of the images (<c>img_prefix</c>); relative to <see cref="DataRoot"/> likewise.</summary>
    public string ImageFolder { get; init; } = "";

    /// <summary>Where relative paths begin (<c>data_root</c>); null: the working folder.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The classes to keep. Their labels follow the order of the file's <c>categories</c>.</summary>
    public IReadOnlyList<string> Classes { get; init; } = ClassNames.Coco;

    /// <summary>True: every image is kept, as evaluation needs it (<c>test_mode</c>).</summary>
    public bool TestMode { get; init; }

    /// <summary>In training, leave out images without an annotation of the classes (<c>filter_empty_gt</c>).</summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>In training, leave out images whose shorter side is below this, in pixels.</summary>
    public int MinImageSize { get; init; } = 32;
}

/// <summary>A data set in COCO's format, with the filters of MMDetection's <c>CocoDataset</c>.</summary>
/// <remarks>
/// Labels count the wanted categories in the order of the file, whatever the order of the names in the config:
/// as the reference. Differs from the reference: <see cref="Classes"/> follows that order too, so that a label
/// always shows its own name.
/// </remarks>
public sealed class CocoDataset : IDetectionDataset
{
    private readonly CocoDatasetOptions _options;
    private readonly string _imageFolder;
    private readonly string[] _classes;
    private readonly Dictionary<long, int> _labelOf = [];
    private readonly int[] _images;          // kept images, as indices into Annotations.Images
    private readonly byte[] _groups;

    /// <param name="options">Files, classes and filters.</param>
    /// <exception cref="DatasetException">The file is missing or broken, or lacks a wanted class.</exception>
    public CocoDataset(CocoDatasetOptions options)
        : this(options, LoadFile(options))
    {
    }

    /// <param name="options">Classes and filters.</param>
    /// <param name="annotations">What the annotation file holds.</param>
    /// <exception cref="DatasetException">A wanted class is not among the categories.</exception>
    public CocoDataset(CocoDatasetOptions options, CocoAnnotations annotations)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(annotations);
        _options = options;
        Annotations = annotations;
        _imageFolder = DatasetPath.Under(options.DataRoot, options.ImageFolder);
        var wanted = FindClasses(annotations, options.Classes);
        _classes = [.. wanted.Select(category => category.Name)];
        ClassCategoryIds = [.. wanted.Select(category => category.Id)];
        for (var label = 0; label < wanted.Count; label++)
        {
            _labelOf.Add(wanted[label].Id, label);
        }

        _images = [.. Enumerable.Range(0, annotations.Images.Count).Where(IsKept)];
        _groups = [.. _images.Select(i => annotations.Images[i]).Select(i => i.Width > i.Height ? (byte)1 : (byte)0)];
        Report = MakeReport();
    }

    /// <summary>From a node of a config: one data set, or several joined where it names several files.</summary>
    /// <param name="reader">The data set's node, <c>data.train</c>.</param>
    /// <param name="testMode">Whether every image is kept.</param>
    /// <param name="classes">The classes of the type, for a node that names none.</param>
    internal static IDetectionDataset FromConfig(ConfigReader reader, bool testMode, IReadOnlyList<string> classes)
    {
        var options = new CocoDatasetOptions
        {
            AnnotationFile = "",
            DataRoot = reader.StringOrNull("data_root"),
            Classes = DatasetFiles.Classes(reader) ?? classes,
            TestMode = testMode || reader.Bool("test_mode", false),
            FilterEmpty = reader.Bool("filter_empty_gt", true),
        };
        return DatasetFiles.Build(
            reader,
            (annotations, images) =>
                new CocoDataset(options with { AnnotationFile = annotations, ImageFolder = images }));
    }

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _classes;

    /// <inheritdoc/>
    public IReadOnlyList<byte> AspectGroups => _groups;

    /// <inheritdoc/>
    public DatasetReport Report { get; }

    /// <summary>(K): the category id of each label, as result files write it.</summary>
    public IReadOnlyList<long> ClassCategoryIds { get; }

    /// <summary>All that the annotation file holds, also what the filters leave out.</summary>
    public CocoAnnotations Annotations { get; }

    /// <summary>The id of an image, as result files write it.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public long ImageId(int index) => Annotations.Images[_images[Checked(index)]].Id;

    /// <inheritdoc/>
    public DatasetItem Item(int index)
    {
        var image = Annotations.Images[_images[Checked(index)]];
        var boxes = new List<float>();
        var labels = new List<long>();
        var ignoredBoxes = new List<float>();
        var ignoredLabels = new List<long>();
        foreach (ref readonly var annotation in Annotations.Of(_images[index]))
        {
            if (annotation.IsIgnored || IsTooSmall(annotation)
                || !_labelOf.TryGetValue(annotation.CategoryId, out var label))
            {
                continue;
            }

            AddBox(annotation.IsCrowd ? ignoredBoxes : boxes, annotation);
            (annotation.IsCrowd ? ignoredLabels : labels).Add(label);
        }

        return new DatasetItem
        {
            Id = image.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            FileName = image.FileName,
            ImagePath = Path.Combine(_imageFolder, image.FileName),
            Width = image.Width,
            Height = image.Height,
            Boxes = [.. boxes],
            Labels = [.. labels],
            IgnoredBoxes = [.. ignoredBoxes],
            IgnoredLabels = [.. ignoredLabels],
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds(int index)
    {
        var annotations = Annotations.Of(_images[Checked(index)]);
        var ids = new long[annotations.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = annotations[i].CategoryId;
        }

        return ids;
    }

    private static CocoAnnotations LoadFile(CocoDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CocoAnnotations.Load(DatasetPath.Under(options.DataRoot, options.AnnotationFile));
    }

    private static List<CocoCategory> FindClasses(CocoAnnotations annotations, IReadOnlyList<string> classes)
    {
        var known = annotations.Categories.Select(category => category.Name).ToList();
        foreach (var name in classes.Where(name => !known.Contains(name)))
        {
            var listed = string.Join(", ", known.Take(12)) + (known.Count > 12 ? ", ..." : "");
            throw new DatasetException(
                $"{annotations.Path}: every class must be among its categories, '{name}' is not; found {listed}. "
                + NearestName.Question(NearestName.Of(name, known), "Set classes to names of this file."));
        }

        var wanted = annotations.Categories.Where(category => classes.Contains(category.Name)).ToList();
        var twice = wanted.GroupBy(category => category.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? wanted
            : throw new DatasetException(
                $"{annotations.Path}: category names must be unique, found '{twice.Key}' with ids "
                + $"{string.Join(" and ", twice.Select(category => category.Id))}. Rename or merge them.");
    }

    private static bool IsTooSmall(in CocoAnnotation annotation) =>
        annotation.Area <= 0 || annotation.Width < 1 || annotation.Height < 1;

    private static void AddBox(List<float> boxes, in CocoAnnotation annotation)
    {
        boxes.Add((float)annotation.X);
        boxes.Add((float)annotation.Y);
        boxes.Add((float)(annotation.X + annotation.Width));
        boxes.Add((float)(annotation.Y + annotation.Height));
    }

    /// <summary>
    /// As the reference: an annotation of a wanted class keeps its image, be it crowd, ignored or tiny.
    /// </summary>
    private bool IsKept(int image)
    {
        var info = Annotations.Images[image];
        if (_options.TestMode)
        {
            return true;
        }

        return Math.Min(info.Width, info.Height) >= _options.MinImageSize
            && (!_options.FilterEmpty || HasWantedClass(image));
    }

    private bool HasWantedClass(int image)
    {
        foreach (ref readonly var annotation in Annotations.Of(image))
        {
            if (_labelOf.ContainsKey(annotation.CategoryId))
            {
                return true;
            }
        }

        return false;
    }

    private DatasetReport MakeReport()
    {
        var warnings = new List<string>();
        var dropped = 0;
        CocoAnnotation? first = null;
        foreach (var image in _images)
        {
            foreach (ref readonly var annotation in Annotations.Of(image))
            {
                if (!annotation.IsIgnored && _labelOf.ContainsKey(annotation.CategoryId) && IsTooSmall(annotation))
                {
                    first ??= annotation;
                    dropped++;
                }
            }
        }

        if (first is { } box)
        {
            warnings.Add(
                $"{Annotations.Path}: annotation {box.Id} of image {box.ImageId}: box ({box.X}, {box.Y}, {box.Width}, "
                + $"{box.Height}) (x, y, width, height) {Fault(box)}. Boxes like this are left out, as in MMDetection: "
                + $"{dropped} of {Annotations.AnnotationCount}. Remove or mend them to silence this.");
        }

        if (Annotations.WithoutArea > 0)
        {
            warnings.Add(
                $"{Annotations.Path}: {Annotations.WithoutArea} annotations have no 'area'; the area of their box is "
                + "taken. AP by size depends on it.");
        }

        if (!_classes.SequenceEqual(_options.Classes))
        {
            warnings.Add(
                $"{Annotations.Path}: labels follow the order of the file's categories "
                + $"({string.Join(", ", _classes.Take(5))}{(_classes.Length > 5 ? ", ..." : "")}), "
                + "not the order of classes in the config.");
        }

        return new DatasetReport
        {
            Warnings = warnings,
            DroppedBoxes = dropped,
            FilteredImages = Annotations.Images.Count - Count,
        };
    }

    private static string Fault(in CocoAnnotation box) =>
        box.Width <= 0 ? "has no width" : box.Height <= 0 ? "has no height"
        : box.Width < 1 || box.Height < 1 ? "is smaller than one pixel" : "has no area";

    private int Checked(int index) =>
        (uint)index < (uint)_images.Length
            ? index
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"{Annotations.Path}: the data set has {Count} images.");
}
