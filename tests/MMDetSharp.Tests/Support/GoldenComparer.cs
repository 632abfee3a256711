namespace MMDetSharp.Tests.Support;

/// <summary>Compares values with recorded ones and says where they differ most.</summary>
internal static class GoldenComparer
{
    /// <summary>Fails unless the shapes are equal.</summary>
    internal static void AssertShape(string name, long[] expected, long[] actual) => Assert.True(
        expected.AsSpan().SequenceEqual(actual),
        $"{name}: expected shape ({string.Join(", ", expected)}), got ({string.Join(", ", actual)}).");

    /// <summary>
    /// Fails unless |actual - expected| &lt;= absolute + relative * |expected| everywhere; NaN equals NaN.
    /// </summary>
    internal static void AssertValues(
        string name, double[] expected, double[] actual, (double Absolute, double Relative) tolerance)
    {
        Assert.True(
            expected.Length == actual.Length, $"{name}: expected {expected.Length} values, got {actual.Length}.");
        var (worst, count) = (-1, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            if (Excess(expected[i], actual[i], tolerance) <= 0)
            {
                continue;
            }

            count++;
            var excess = Excess(expected[i], actual[i], tolerance);
            worst = worst < 0 || excess > Excess(expected[worst], actual[worst], tolerance) ? i : worst;
        }

        Assert.True(
            count == 0,
            count == 0 ? null : $"{name}: {count} of {expected.Length} values differ; the worst at {worst}: "
                + $"expected {expected[worst]:R}, got {actual[worst]:R} "
                + $"(tolerance {tolerance.Absolute:R} + {tolerance.Relative:R} * |expected|).");
    }

    /// <summary>
    /// Fails unless mean, mean of absolutes, largest absolute and the number of non-finite values are the recorded
    /// ones.
    /// </summary>
    internal static void AssertStatistics(
        string name, double[] expected, double[] actual, (double Absolute, double Relative) tolerance)
    {
        var finite = actual.Where(double.IsFinite).ToArray();
        double[] statistics = finite.Length == 0
            ? [0, 0, 0, actual.Length]
            : [finite.Average(), finite.Average(Math.Abs), finite.Max(Math.Abs), actual.Length - finite.Length];

        // The mean of values of both signs may be near zero: its tolerance goes with the mean of absolutes.
        var slack = tolerance.Absolute + (tolerance.Relative * Math.Abs(expected[1]));
        AssertValues(name + " (mean)", expected[..1], statistics[..1], (slack, 0));
        AssertValues(name + " (absolutes)", expected[1..3], statistics[1..3], tolerance);
        AssertValues(name + " (non-finite)", expected[3..], statistics[3..], (0, 0));
    }

    // How far outside the tolerance: positive where the values differ too much.
    private static double Excess(double expected, double actual, (double Absolute, double Relative) tolerance)
    {
        if (expected.Equals(actual))
        {
            return 0;
        }

        var difference = Math.Abs(expected - actual) - tolerance.Absolute - (tolerance.Relative * Math.Abs(expected));
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
