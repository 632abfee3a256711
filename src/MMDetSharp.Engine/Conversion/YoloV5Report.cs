namespace MMDetSharp.Engine.Conversion;

/// <summary>What a conversion of a YOLOv5 file wrote.</summary>
/// <param name="Checkpoint">The checkpoint's path.</param>
/// <param name="Config">The config's path.</param>
/// <param name="Classes">(K) names of the classes.</param>
/// <param name="ParameterCount">Numbers that are learned.</param>
public sealed record YoloV5Report(
    string Checkpoint, string Config, IReadOnlyList<string> Classes, long ParameterCount);
