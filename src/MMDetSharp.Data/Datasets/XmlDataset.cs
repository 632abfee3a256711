using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>What an <see cref="XmlDataset"/> reads and keeps.</summary>
public sealed record XmlDatasetOptions
{
    /// <summary>The list of image names (<c>ann_file</c>), such as <c>ImageSets/Main/train.txt</c>.</summary>
    public required string AnnotationFile { get; init; }

    /// <summary>The folder that holds <c>Annotations</c> and the images (<c>img_prefix</c>).</summary>
    public string ImageFolder { get; init; } = "";

    /// <summary>Where relative paths begin (<c>data_root</c>); null: the working folder.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The classes to keep, in the order of their labels.</summary>
    public IReadOnlyList<string> Classes { get; init; } = ClassNames.Voc;

    /// <summary>True: every image is kept, as evaluation needs it (<c>test_mode</c>).</summary>
    public bool TestMode { get; init; }

    /// <summary>In training, leave out images without an object of the classes (<c>filter_empty_gt</c>).</summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>In training, leave out images whose shorter side is below this, in pixels.</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>In training, boxes narrower or lower than this are ignored boxes (<c>min_size</c>); 0: none.</summary>
    public double MinBoxSize { get; init; }

    /// <summary>Where the images lie below the image folder.</summary>
    public XmlLayout Layout { get; init; } = XmlLayout.Voc;
}

/// <summary>
/// A data set in PASCAL VOC's XML format: MMDetection's <c>XMLDataset</c>, <c>VOCDataset</c>,
/// <c>WIDERFaceDataset</c>.
/// </summary>
/// <remarks>
/// As the reference: coordinates are cut to integers, then 1 is subtracted from all four.
/// Differs from the reference: all files are read once at the start, so that a broken one is found at once;
/// boxes without width or height are left out.
/// </remarks>
public sealed class XmlDataset : IDetectionDataset
{
    private readonly XmlDatasetOptions _options;
    private readonly string _root;
    private readonly DatasetItem[] _items;
    private readonly byte[] _groups;

    /// <param name="options">Files, classes and filters.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="DatasetException">A file is missing or broken.</exception>
    public XmlDataset(XmlDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is { TestMode: true, MinBoxSize: > 0 })
        {
            throw new ArgumentException("XMLDataset: min_size must not be set in test mode. Remove it there.");
        }

        _options = options;
        _root = DatasetPath.Under(options.DataRoot, options.ImageFolder);
        var list = DatasetPath.Under(options.DataRoot, options.AnnotationFile);
        var names = TextList.Load(list, "Set ann_file to the list of image names, such as ImageSets/Main/train.txt.");
        var read = ReadAll(names);
        _items = [.. read.Where(entry => IsKept(entry)).Select(entry => entry.Item)];
        _groups = [.. _items.Select(item => item.Width > item.Height ? (byte)1 : (byte)0)];
        Report = MakeReport(list, read);
    }

    /// <summary>From a node of a config: one data set, or several joined where it names several files.</summary>
    /// <param name="reader">The data set's node, <c>data.train</c>.</param>
    /// <param name="testMode">Whether every image is kept.</param>
    /// <param name="classes">The classes of the type, for a node that names none; null: it must.</param>
    /// <param name="layout">Where images lie; null: the folder's name tells the year.</param>
    internal static IDetectionDataset FromConfig(
        ConfigReader reader, bool testMode, IReadOnlyList<string>? classes, XmlLayout? layout)
    {
        var options = new XmlDatasetOptions
        {
            AnnotationFile = "",
            DataRoot = reader.StringOrNull("data_root"),
            Classes = DatasetFiles.Classes(reader) ?? classes
                ?? throw reader.Error("classes", "must list the class names: this type has none of its own. Add them."),
            TestMode = testMode || reader.Bool("test_mode", false),
            FilterEmpty = reader.Bool("filter_empty_gt", true),
            MinBoxSize = reader.Float("min_size", 0),
        };
        return DatasetFiles.Build(reader, (annotations, images) => new XmlDataset(options with
        {
            AnnotationFile = annotations,
            ImageFolder = images,
            Layout = layout ?? YearOf(reader, DatasetPath.Under(options.DataRoot, images)),
        }));
    }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _options.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<byte> AspectGroups => _groups;

    /// <inheritdoc/>
    public DatasetReport Report { get; }

    /// <summary>Where images lie, and so which protocol evaluates: area under the curve or 11 points.</summary>
    public XmlLayout Layout => _options.Layout;

    /// <inheritdoc/>
    public DatasetItem Item(int index) => _items[Checked(index)];

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds(int index)
    {
        var item = _items[Checked(index)];
        return [.. item.Labels, .. item.IgnoredLabels];
    }

    private Entry[] ReadAll(IReadOnlyList<string> names)
    {
        try
        {
            return [.. names.AsParallel().AsOrdered().Select(Read)];
        }
        catch (AggregateException e)
        {
            var first = e.Flatten().InnerExceptions.OfType<DatasetException>().FirstOrDefault();
            throw first is null ? e : new DatasetException(first.Message, first);
        }
    }

    private Entry Read(string name)
    {
        var annotation = VocAnnotation.Load(Path.Combine(_root, "Annotations", $"{name}.xml"));
        var fileName = _options.Layout == XmlLayout.WiderFace
            ? Path.Combine(annotation.Folder, $"{name}.jpg")
            : Path.Combine("JPEGImages", $"{name}.jpg");
        var imagePath = Path.Combine(_root, fileName);
        var (width, height) = annotation.SizeOf(imagePath);
        var boxes = new BoxList();
        var ignored = new BoxList();
        foreach (var box in annotation.Objects)
        {
            var label = IndexOf(box.Name);
            if (label >= 0 && HasArea(box))
            {
                (box.IsDifficult || IsSmall(box) ? ignored : boxes).Add(box, label);
            }
        }

        return new Entry(
            new DatasetItem
            {
                Id = name,
                FileName = fileName,
                ImagePath = imagePath,
                Width = width,
                Height = height,
                Boxes = [.. boxes.Corners],
                Labels = [.. boxes.Labels],
                IgnoredBoxes = [.. ignored.Corners],
                IgnoredLabels = [.. ignored.Labels],
            },
            annotation);
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _options.Classes.Count; i++)
        {
            if (_options.Classes[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HasArea(in VocObject box) =>
        (int)box.XMax > (int)box.XMin && (int)box.YMax > (int)box.YMin;

    private bool IsSmall(in VocObject box) =>
        (int)box.XMax - (int)box.XMin < _options.MinBoxSize || (int)box.YMax - (int)box.YMin < _options.MinBoxSize;

    /// <summary>As the reference: an object of a wanted class keeps its image, be it difficult or tiny.</summary>
    private bool IsKept(Entry entry) =>
        _options.TestMode
        || (Math.Min(entry.Item.Width, entry.Item.Height) >= _options.MinImageSize
            && (!_options.FilterEmpty || entry.Annotation.Objects.Any(box => IndexOf(box.Name) >= 0)));

    private DatasetReport MakeReport(string list, Entry[] read)
    {
        var warnings = new List<string>();
        var flat = read
            .SelectMany(entry => entry.Annotation.Objects, (entry, box) => (entry.Annotation.Path, Box: box))
            .Where(entry => IndexOf(entry.Box.Name) >= 0 && !HasArea(entry.Box))
            .ToList();
        if (flat.Count > 0)
        {
            var (path, box) = flat[0];
            warnings.Add(
                $"{path}: box ({box.XMin}, {box.YMin}, {box.XMax}, {box.YMax}) of '{box.Name}' has no width or no "
                + $"height. Boxes like this are left out: {flat.Count}. Remove or mend them to silence this.");
        }

        if (!read.Any(entry => entry.Annotation.Objects.Any(box => IndexOf(box.Name) >= 0)))
        {
            var found = read.SelectMany(entry => entry.Annotation.Objects).Select(box => box.Name).Distinct().Take(12);
            warnings.Add(
                $"{list}: no object is of the classes {string.Join(", ", Classes.Take(5))}, ...; found "
                + $"{string.Join(", ", found.DefaultIfEmpty("no object at all"))}. Set classes to names of the data.");
        }

        return new DatasetReport
        {
            Warnings = warnings,
            DroppedBoxes = flat.Count,
            FilteredImages = read.Length - Count,
        };
    }

    private int Checked(int index) =>
        (uint)index < (uint)_items.Length
            ? index
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"XMLDataset: the data set has {Count} images.");

    private sealed record Entry(DatasetItem Item, VocAnnotation Annotation);

    private sealed class BoxList
    {
        internal List<float> Corners { get; } = [];

        internal List<long> Labels { get; } = [];

        internal void Add(in VocObject box, int label)
        {
            Corners.AddRange([(int)box.XMin - 1, (int)box.YMin - 1, (int)box.XMax - 1, (int)box.YMax - 1]);
            Labels.Add(label);
        }
    }

    /// <summary>As the reference: the folder's name decides how VOC is evaluated.</summary>
    private static XmlLayout YearOf(ConfigReader reader, string folder) =>
        folder.Contains("VOC2007", StringComparison.Ordinal) ? XmlLayout.Voc2007
        : folder.Contains("VOC2012", StringComparison.Ordinal) ? XmlLayout.Voc
        : throw reader.Error(
            "img_prefix",
            $"must contain VOC2007 or VOC2012, which decides how AP is computed, got '{folder}'. "
            + "Use type='XMLDataset' with classes=(...) for data of your own.");
}
