namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>At least how far values of a training step may differ, where the recorded noise is less; parts of the values.</summary>
internal sealed record ModelTolerances
{
    /// <summary>For models whose batch norms keep their statistics.</summary>
    internal static ModelTolerances Fixed { get; } = new();

    /// <summary>
    /// For models whose batch norms learn from the batch. A value before a leaky ReLU that is nearly 0 may fall on its other
    /// side with other kernels: its gradient changes tenfold, and batch statistics spread that over the layers below. Where
    /// the reference's two runs differ in such a place their gradients differ by up to 2.2e-2, half of them by 5e-3; where by
    /// chance they do not, by 2e-6. The step carries that into the second forward pass: up to 2.8e-3 seen, noise files up to
    /// 0.3. Differences of a whole channel have one sign: their sum may reach the norm.
    /// </summary>
    internal static ModelTolerances LearnedStatistics { get; } = new()
    {
        GradientNorm = 3e-2,
        GradientMedian = 5e-3,
        GradientSum = 1,
        State = 1e-4,
        AfterStep = 1e-2,
    };

    /// <summary>
    /// The step brings the loss of classes from 7.2 to 1.2, and importance is a rank: gradients that differ by 1e-6 in the
    /// median move the losses behind it by up to 1.6e-5.
    /// </summary>
    internal static ModelTolerances PrimeSamples { get; } = new() { AfterStep = 3e-5 };

    internal double GradientNorm { get; init; } = 1e-4;

    internal double GradientMedian { get; init; } = 1e-4;

    internal double GradientSum { get; init; } = 1e-3;

    internal double State { get; init; } = 1e-6;

    internal double AfterStep { get; init; } = 4e-6;
}
