namespace MMDetSharp.Engine.ForeignModels;

/// <summary>What the files of other programs do not say of a model: the names of its classes, the data, the task.</summary>
public sealed record ForeignModelOptions
{
    /// <summary>A text file with one class name a line; null: one beside the model, or what its data set says.</summary>
    public string? Names { get; init; }

    /// <summary>The annotations to test on, in COCO's format; null for none.</summary>
    public string? Annotations { get; init; }

    /// <summary>The folder of the images that the annotations name.</summary>
    public string? Images { get; init; }

    /// <summary>True: all faint objects too, as evaluation needs them; false: those worth showing.</summary>
    public bool ForEvaluation { get; init; }

    /// <summary>
    /// Evaluates YOLOv5 on rectangular batches of 32 images, as its val.py does; otherwise each image has the margins
    /// that it needs alone, as in its detect.py.
    /// </summary>
    public bool Rectangular { get; init; }

    /// <summary>The least score; null for that of the program which the model comes from.</summary>
    public double? ScoreThreshold { get; init; }
}
