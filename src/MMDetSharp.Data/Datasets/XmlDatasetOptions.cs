namespace MMDetSharp.Data.Datasets;

/// <summary>What an <see cref="XmlDataset"/> reads and keeps.</summary>
public sealed record XmlDatasetOptions
{
    /// <summary>The list of image names (<c>ann_file</c>), such as <c>ImageSets/Main/train.txt</c>.</summary>
    public required string AnnotationFile { get; init; }

    /// <summary>The folder that holds <c>Annotations</c> and the pictures (<c>img_prefix</c>).</summary>
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

    /// <summary>Where the pictures lie below the image folder.</summary>
    public XmlLayout Layout { get; init; } = XmlLayout.Voc;
}
