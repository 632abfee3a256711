namespace MMDetSharp.Engine.Visualization;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many as <paramref name="X"/>; values that are not finite leave a gap.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Draws points of this radius, in any order, instead of a line; null for a line.</summary>
    public double? Radius { get; init; }
}
