namespace MMDetSharp.Engine.Visualization;

/// <summary>One coordinate system with its lines.</summary>
/// <param name="Title">Above it.</param>
/// <param name="YLabel">Beside the vertical axis; with its unit, if it has one.</param>
/// <param name="Series">The lines.</param>
public sealed record ChartPanel(string Title, string YLabel, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Whether noisy lines are drawn faint, with their moving average on top.</summary>
    public bool Smooth { get; init; }
}
