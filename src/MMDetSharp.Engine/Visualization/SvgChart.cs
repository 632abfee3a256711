using System.Globalization;
using System.Net;
using System.Text;

namespace MMDetSharp.Engine.Visualization;

/// <summary>Draws panels of lines, one below the other, as one SVG drawing.</summary>
public static class SvgChart
{
    private const int Width = 860;
    private const int PanelHeight = 300;
    private const int Left = 84;
    private const int Right = 200;
    private const int Top = 44;
    private const int Bottom = 46;
    private const int MaxPoints = 2000;

    // Okabe and Ito's colours: told apart with every kind of colour vision.
    private static readonly string[] s_colors =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#b8a800"];

    /// <summary>The drawing as SVG text.</summary>
    /// <param name="panels">Top to bottom; they share the horizontal axis' meaning.</param>
    /// <param name="xLabel">Below each panel.</param>
    /// <exception cref="ArgumentException">There is no panel.</exception>
    public static string Render(IReadOnlyList<ChartPanel> panels, string xLabel)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Count == 0)
        {
            throw new ArgumentException("SvgChart: there must be a panel, there is none. Pass one.", nameof(panels));
        }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {PanelHeight * panels.Count}" width="{Width}"
                 height="{PanelHeight * panels.Count}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
            <rect width="100%" height="100%" fill="#ffffff"/>

            """);
        for (var i = 0; i < panels.Count; i++)
        {
            Panel(svg, panels[i], xLabel, i * PanelHeight);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, ChartPanel panel, string xLabel, int offset)
    {
        var (top, bottom) = (offset + Top, offset + PanelHeight - Bottom);
        var x = new ChartScale(panel.Series.SelectMany(series => series.X), Left, Width - Right, 8);
        var y = new ChartScale(panel.Series.SelectMany(series => series.Y), bottom, top, 5);
        Text(svg, Left, offset + 26, panel.Title, "font-size='16' font-weight='bold' fill='#222'");
        Text(svg, (Left + Width - Right) / 2.0, bottom + 38, xLabel, "font-size='13' fill='#444' text-anchor='middle'");
        var middle = (top + bottom) / 2;
        Text(svg, 18, middle, panel.YLabel, $"font-size='13' fill='#444' text-anchor='middle' transform='rotate(-90 18 {middle})'");
        foreach (var tick in y.Ticks)
        {
            Rule(svg, Left, y.Pixel(tick), Width - Right, y.Pixel(tick));
            Text(svg, Left - 8, y.Pixel(tick) + 4, Label(tick), "font-size='12' fill='#444' text-anchor='end'");
        }

        foreach (var tick in x.Ticks)
        {
            Rule(svg, x.Pixel(tick), top, x.Pixel(tick), bottom);
            Text(svg, x.Pixel(tick), bottom + 18, Label(tick), "font-size='12' fill='#444' text-anchor='middle'");
        }

        for (var i = 0; i < panel.Series.Count; i++)
        {
            var color = s_colors[i % s_colors.Length];
            Lines(svg, panel, panel.Series[i], x, y, color);
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x='{Width - Right + 16}' y='{top + 4 + (20 * i)}' width='16' height='4' fill='{color}'/>\n");
            Text(svg, Width - Right + 40, top + 11 + (20 * i), panel.Series[i].Name, "font-size='13' fill='#222'");
        }
    }

    private static void Lines(
        StringBuilder svg, ChartPanel panel, ChartSeries series, ChartScale x, ChartScale y, string color)
    {
        if (series.Radius is { } radius)
        {
            Points(svg, series, (x, y), $"fill='{color}' fill-opacity='0.6'", radius);
            return;
        }

        if (!panel.Smooth)
        {
            Line(svg, series, x, y, $"stroke='{color}' stroke-width='2'");
            return;
        }

        Line(svg, series, x, y, $"stroke='{color}' stroke-width='1' opacity='0.3'");
        Line(svg, series with { Y = MovingAverage(series.Y) }, x, y, $"stroke='{color}' stroke-width='2'");
    }

    private static void Line(StringBuilder svg, ChartSeries series, ChartScale x, ChartScale y, string style)
    {
        var step = Math.Max(1, (int)Math.Ceiling(series.X.Count / (double)MaxPoints));
        var pen = 'M';
        svg.Append("<path fill='none' stroke-linejoin='round' ").Append(style).Append(" d='");
        for (var i = 0; i < series.X.Count; i += step)
        {
            if (!double.IsFinite(series.Y[i]))
            {
                pen = 'M';
                continue;
            }

            svg.Append(CultureInfo.InvariantCulture, $"{pen}{x.Pixel(series.X[i]):0.##} {y.Pixel(series.Y[i]):0.##}");
            pen = 'L';
        }

        svg.Append("'/>\n");
    }

    private static void Points(
        StringBuilder svg, ChartSeries series, (ChartScale X, ChartScale Y) scales, string style, double radius)
    {
        var step = Math.Max(1, (int)Math.Ceiling(series.X.Count / (double)MaxPoints));
        for (var i = 0; i < series.X.Count; i += step)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<circle cx='{scales.X.Pixel(series.X[i]):0.##}' cy='{scales.Y.Pixel(series.Y[i]):0.##}' r='{radius}' {style}/>\n");
        }
    }

    // Over about a twentieth of the run, centred.
    private static double[] MovingAverage(IReadOnlyList<double> values)
    {
        var reach = Math.Max(1, values.Count / 40);
        var result = new double[values.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var near = Enumerable.Range(Math.Max(0, i - reach), Math.Min(result.Length - 1, i + reach) + 1 - Math.Max(0, i - reach));
            result[i] = near.Select(j => values[j]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        }

        return result;
    }

    private static void Rule(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"<line x1='{x1:0.##}' y1='{y1:0.##}' x2='{x2:0.##}' y2='{y2:0.##}' stroke='#ddd'/>\n");

    private static void Text(StringBuilder svg, double x, double y, string text, string style) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x='{x:0.##}' y='{y:0.##}' {style}>{WebUtility.HtmlEncode(text)}</text>\n");

    private static string Label(double value) => value switch
    {
        _ when Math.Abs(value) < 1e-12 => "0",
        _ when Math.Abs(value) is < 1e-3 or >= 1e5 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#####", CultureInfo.InvariantCulture),
    };
}

/// <summary>One coordinate system with its lines.</summary>
/// <param name="Title">Above it.</param>
/// <param name="YLabel">Beside the vertical axis; with its unit, if it has one.</param>
/// <param name="Series">The lines.</param>
public sealed record ChartPanel(string Title, string YLabel, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Whether noisy lines are drawn faint, with their moving average on top.</summary>
    public bool Smooth { get; init; }
}

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many as <paramref name="X"/>; values that are not finite leave a gap.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Draws points of this radius, in any order, instead of a line; null for a line.</summary>
    public double? Radius { get; init; }
}
