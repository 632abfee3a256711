namespace MMDetSharp.Engine.Visualization;

/// <summary>A box to paint, in pixels of the picture.</summary>
/// <param name="X1">Left.</param>
/// <param name="Y1">Top.</param>
/// <param name="X2">Right.</param>
/// <param name="Y2">Bottom.</param>
/// <param name="Label">Index of the class.</param>
/// <param name="Score">0 to 1; null for an annotated object, which has none.</param>
public readonly record struct PaintedBox(double X1, double Y1, double X2, double Y2, int Label, double? Score = null);
