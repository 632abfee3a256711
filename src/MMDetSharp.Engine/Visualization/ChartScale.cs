namespace MMDetSharp.Engine.Visualization;

/// <summary>Maps values to pixels along one axis, and chooses round numbers for its ticks.</summary>
internal sealed class ChartScale
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    internal ChartScale(IEnumerable<double> values, double from, double to, int ticks)
    {
        var (low, high) = Range(values);
        var step = RoundStep((high - low) / ticks);
        _low = Math.Floor(low / step + 1e-9) * step;
        _high = Math.Ceiling(high / step - 1e-9) * step;
        _from = from;
        _to = to;
        Ticks = [.. Enumerable.Range(0, (int)Math.Round((_high - _low) / step) + 1).Select(i => _low + (i * step))];
    }

    /// <summary>Values that get a line and a number.</summary>
    internal IReadOnlyList<double> Ticks { get; }

    internal double Pixel(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        var margin = Math.Max(Math.Abs(high) * 1e-3, 1e-12);
        return high - low > margin ? (low, high) : (low - margin, high + margin);
    }

    // 1, 2 or 5 times a power of ten.
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
