namespace MMDetSharp.Engine.Evaluation;

/// <summary>One curve of precision over recall, by indices into the options of the evaluation.</summary>
/// <param name="IoU">Index of the IoU threshold.</param>
/// <param name="Class">Index of the class.</param>
/// <param name="Area">Index of the area range.</param>
/// <param name="MaxDetections">Index of the number of detections.</param>
public readonly record struct CurveIndex(int IoU, int Class, int Area, int MaxDetections);
