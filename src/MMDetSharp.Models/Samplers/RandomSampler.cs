using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>
/// A fixed number of boxes, of which at most a part is positive; too many are chosen from at random: Ren et al., "Faster
/// R-CNN", arXiv:1506.01497, section 3.1.3.
/// </summary>
/// <param name="options">How many, and of which kind.</param>
/// <param name="choice">Chooses where there are too many.</param>
public sealed class RandomSampler(RandomSamplerOptions options, ISampleChoice choice) : ISampler
{
    /// <inheritdoc/>
    public bool AddsObjects => options.AddObjects;

    /// <summary>Reads <c>RandomSampler</c>.</summary>
    internal static RandomSampler FromConfig(ConfigReader reader, ISampleChoice choice) =>
        new(RandomSamplerOptions.FromConfig(reader), choice);

    /// <inheritdoc/>
    public SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(assigned);
        ArgumentNullException.ThrowIfNull(groundTruth);
        using var scope = TensorScope.Begin();
        var candidates = new SampleCandidates(assigned, boxes);
        if (options.AddObjects)
        {
            candidates = candidates.After(groundTruth);
        }

        var positive = AtMost(candidates.Positive(), options.MaxPositives); // (S+)
        var negative = AtMost(candidates.Negative(), options.MaxNegatives(positive.Size(0))); // (S-)
        return candidates.Sampled(positive, negative, groundTruth).KeepIn(scope);
    }

    private Tensor AtMost(Tensor rows, long count) =>
        rows.Size(0) > count ? choice.Choose(rows, count).Sort().Values : rows;
}

/// <summary>How many boxes a <see cref="RandomSampler"/> takes.</summary>
public sealed record RandomSamplerOptions
{
    /// <summary>At most so many boxes of an image count.</summary>
    public required int Count { get; init; }

    /// <summary>At most this part of them is positive; where there are fewer, background takes their place.</summary>
    public required double PositiveFraction { get; init; }

    /// <summary>At most so many negatives for each positive, of which at least one counts; below 0: any number.</summary>
    public double NegativesPerPositive { get; init; } = -1;

    /// <summary>Whether the objects' own boxes come before the candidates, as positives: for proposals.</summary>
    public bool AddObjects { get; init; } = true;

    /// <summary>At most so many positives.</summary>
    internal long MaxPositives => (long)(Count * PositiveFraction);

    /// <summary>Reads the keys that all random samplers have.</summary>
    internal static RandomSamplerOptions FromConfig(ConfigReader reader)
    {
        var defaults = new RandomSamplerOptions
        {
            Count = reader.Positive("num"),
            PositiveFraction = reader.Fraction("pos_fraction"),
        };
        return defaults with
        {
            NegativesPerPositive = reader.Float("neg_pos_ub", defaults.NegativesPerPositive),
            AddObjects = reader.Bool("add_gt_as_proposals", defaults.AddObjects),
        };
    }

    /// <summary>At most so many negatives beside some positives.</summary>
    internal long MaxNegatives(long positives)
    {
        var free = Count - positives;
        return NegativesPerPositive < 0
            ? free
            : (long)Math.Min(free, NegativesPerPositive * Math.Max(1, positives));
    }
}
