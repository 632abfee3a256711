namespace MMDetSharp.Engine.Conversion;

/// <summary>What <see cref="VocToCoco"/> reads and writes.</summary>
public sealed record VocToCocoOptions
{
    /// <summary>The folder that holds <c>Annotations</c>, <c>ImageSets/Main</c> and the pictures.</summary>
    public required string Root { get; init; }

    /// <summary>The COCO file to write.</summary>
    public required string Output { get; init; }

    /// <summary>The list of images: <c>ImageSets/Main/SPLIT.txt</c>.</summary>
    public string Split { get; init; } = "train";

    /// <summary>A file with one image name a line, in place of the split's; null: the split's.</summary>
    public string? SplitFile { get; init; }

    /// <summary>The folder of the pictures, below <see cref="Root"/>.</summary>
    public string ImageFolder { get; init; } = "JPEGImages";

    /// <summary>
    /// The classes to keep, in the order of their category ids from 1. None: VOC's 20 where all names are among
    /// them, else all names found below <c>Annotations</c>, sorted, so that every split gets the same.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether each picture must be there, with the size its annotation says.</summary>
    public bool CheckPictures { get; init; } = true;
}
