namespace MMDetSharp.Engine.Evaluation;

/// <summary>How matches are found and how average precision is read off the curve.</summary>
public enum VocProtocol
{
    /// <summary>PASCAL VOC from 2010 on: the area under the falling precision curve.</summary>
    Area,

    /// <summary>PASCAL VOC 2007: the mean of the best precisions at recall 0, 0.1, ..., 1.</summary>
    ElevenPoints,

    /// <summary>
    /// ImageNet DET / VID: the area, with lower overlaps for small objects and any free object as match.
    /// </summary>
    ImageNet,
}
