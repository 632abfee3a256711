using MMDetSharp.Models.DenseHeads.Paa;

namespace MMDetSharp.Tests.Models.DenseHeads.Paa;

public sealed class AnchorSeparationTests
{
    [Fact]
    public void Fit_TwoHeaps_FindsThem()
    {
        // Weights 3 / 5 and 2 / 5, means 0 and 10, variances 0 + 1e-6: log density of 0 is log 0.6 - log(2 pi 1e-6) / 2.
        var mixture = TwoGaussians.Fit([0, 0, 0, 10, 10]);

        Assert.True(mixture.Judge(0).IsFirst);
        Assert.False(mixture.Judge(10).IsFirst);
        Assert.Equal(Math.Log(0.6) - (0.5 * Math.Log(2 * Math.PI * 1e-6)), mixture.Judge(0).LogDensity, 1e-6);
    }

    [Fact]
    public void Positives_LowAndHighLosses_ThoseUpToTheDensestStay()
    {
        // The first Gaussian is (0.1 + 0.2 + 0.21) / 3 = 0.17 in the mean: 0.2 is nearest to it, 0.21 lies behind it.
        var positive = new AnchorSeparation(topK: 9).Positives(
            [5, 0.2f, 6, 0.1f, 0.21f], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);

        Assert.Equal([false, true, false, true, false], positive);
    }

    [Fact]
    public void Positives_MoreThanTopKOfALevel_TheBestAreCandidates()
    {
        // Of each level only the best: 0.1 and 7. One of them comes from the first Gaussian.
        var positive = new AnchorSeparation(topK: 1).Positives([0.1f, 0.1f, 8, 7], [0, 0, 0, 0], [0, 0, 1, 1]);

        Assert.Equal([true, false, false, false], positive);
    }

    [Fact]
    public void Positives_LoneCandidate_IsBackground() =>
        Assert.Equal([false, true, false], new AnchorSeparation(topK: 9).Positives([0.1f, 0.1f, 9], [0, 1, 1], [0, 0, 0]));
}
