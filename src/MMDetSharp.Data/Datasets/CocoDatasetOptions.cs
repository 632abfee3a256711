namespace MMDetSharp.Data.Datasets;

/// <summary>What a <see cref="CocoDataset"/> reads and keeps.</summary>
public sealed record CocoDatasetOptions
{
    /// <summary>The JSON file (<c>ann_file</c>); relative to <see cref="DataRoot"/> if that is set.</summary>
    public required string AnnotationFile { get; init; }

    /// <summary>The folder of the pictures (<c>img_prefix</c>); relative to <see cref="DataRoot"/> likewise.</summary>
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
