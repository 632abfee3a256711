namespace MMDetSharp.Engine.Evaluation;

/// <summary>Boxes whose area lies between the squares of two lengths; the upper end is not part of it.</summary>
/// <param name="Min">In pixels.</param>
/// <param name="Max">In pixels.</param>
public readonly record struct ScaleRange(double Min, double Max)
{
    internal bool Holds(float area) => area >= Min * Min && area < Max * Max;
}
