namespace MMDetSharp.Data.Pipelines;

/// <summary>How <see cref="RandomHsv"/> changes hue, saturation and value.</summary>
public enum HsvDraw
{
    /// <summary>Adds up to so much either way, each channel or not by the toss of a coin: YOLOX.</summary>
    Sum,

    /// <summary>Multiplies by 1 plus or minus up to so much: YOLOv5.</summary>
    Factor,
}
