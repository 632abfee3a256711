namespace MMDetSharp.Data.Datasets;

/// <summary>The class names of public data sets, in the order of their labels.</summary>
public static class ClassNames
{
    /// <summary>COCO's 80 things, in the order of their category ids (1 to 90, with gaps).</summary>
    public static IReadOnlyList<string> Coco { get; } =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
        "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
        "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase",
        "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard",
        "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl",
        "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake",
        "chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote",
        "keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock",
        "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>The 20 classes of PASCAL VOC 2007 and 2012.</summary>
    public static IReadOnlyList<string> Voc { get; } =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
        "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The one class of WIDER FACE.</summary>
    public static IReadOnlyList<string> WiderFace { get; } = ["face"];

    /// <summary>Reads a file of class names: one a line, blank lines left out.</summary>
    /// <param name="path">A text file.</param>
    /// <exception cref="DatasetException">The file is missing or holds no name.</exception>
    public static IReadOnlyList<string> Load(string path)
    {
        var names = TextList.Load(path, "Set classes to a list of names, or to a file with one name a line.");
        return names.Count > 0
            ? names
            : throw new DatasetException($"{path}: must hold class names, one a line, found none. Write them there.");
    }
}
