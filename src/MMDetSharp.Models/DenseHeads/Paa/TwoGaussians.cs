namespace MMDetSharp.Models.DenseHeads.Paa;

/// <summary>
/// A mixture of two Gaussians over one number, fitted by expectation maximisation: Kim and Lee, "Probabilistic Anchor
/// Assignment", arXiv:2007.08103, section 3.2, equations 4 and 5; Bishop, "Pattern Recognition", section 9.2.2.
/// </summary>
/// <remarks>
/// Start, limits and stop are those of scikit-learn's GaussianMixture, which the reference calls; squares of the samples are
/// rounded to single precision there, and so here.
/// </remarks>
internal sealed class TwoGaussians
{
    private const int MaxIterations = 100;
    private const double Tolerance = 1e-3;
    private const double MinimumVariance = 1e-6;
    private const double MinimumWeight = 10 * 2.220446049250313e-16;

    private readonly double[] _weights = [0.5, 0.5];
    private readonly double[] _means;
    private readonly double[] _variances = [1, 1];

    private TwoGaussians(double lowest, double highest) => _means = [lowest, highest];

    /// <summary>Fits the mixture: the first Gaussian begins at the smallest sample, the second one at the largest.</summary>
    /// <param name="samples">Two or more.</param>
    internal static TwoGaussians Fit(ReadOnlySpan<float> samples)
    {
        var (lowest, highest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var sample in samples)
        {
            (lowest, highest) = (Math.Min(lowest, sample), Math.Max(highest, sample));
        }

        var mixture = new TwoGaussians(lowest, highest);
        var bound = double.NegativeInfinity;
        for (var i = 0; i < MaxIterations; i++)
        {
            var next = mixture.Improve(samples);
            if (Math.Abs(next - bound) < Tolerance)
            {
                break;
            }

            bound = next;
        }

        return mixture;
    }

    /// <summary>Which Gaussian a sample rather comes from, and the logarithm of its density.</summary>
    internal (bool IsFirst, double LogDensity) Judge(float sample)
    {
        var (first, second) = (LogWeighted(0, sample), LogWeighted(1, sample));
        return (first >= second, LogSum(first, second));
    }

    // Expectation, then maximisation. Returns the mean log density before it.
    private double Improve(ReadOnlySpan<float> samples)
    {
        Span<double> counts = stackalloc double[2];
        Span<double> sums = stackalloc double[2];
        Span<double> squares = stackalloc double[2];
        var bound = 0.0;
        foreach (var sample in samples)
        {
            var (first, second) = (LogWeighted(0, sample), LogWeighted(1, sample));
            var density = LogSum(first, second);
            bound += density;
            Add(0, Math.Exp(first - density), sample, counts, sums, squares);
            Add(1, Math.Exp(second - density), sample, counts, sums, squares);
        }

        for (var k = 0; k < 2; k++)
        {
            var count = counts[k] + MinimumWeight;
            var mean = sums[k] / count;
            _weights[k] = count / samples.Length;
            _means[k] = mean;
            _variances[k] = (squares[k] / count) - (2 * mean * sums[k] / count) + (mean * mean) + MinimumVariance;
        }

        return bound / samples.Length;
    }

    private static void Add(
        int k, double part, float sample, Span<double> counts, Span<double> sums, Span<double> squares)
    {
        counts[k] += part;
        sums[k] += part * sample;
        squares[k] += part * (sample * sample);
    }

    // log (weight N(sample; mean, variance))
    private double LogWeighted(int k, float sample)
    {
        var (mean, precision) = (_means[k], 1 / _variances[k]);
        var distance = (mean * mean * precision) - (2 * sample * mean * precision) + (sample * sample * precision);
        return Math.Log(_weights[k]) - (0.5 * (Math.Log(2 * Math.PI) + distance)) + (0.5 * Math.Log(precision));
    }

    private static double LogSum(double first, double second)
    {
        var most = Math.Max(first, second);
        return most + Math.Log(Math.Exp(first - most) + Math.Exp(second - most));
    }
}
