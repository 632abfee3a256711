using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Mirrors image and boxes at random, or as test-time augmentation asks.</summary>
public sealed class RandomFlip : ITransform
{
    private readonly IReadOnlyList<FlipDirection> _directions;
    private readonly IReadOnlyList<double>? _probabilities;

    /// <summary>Flips only where it is asked to: inside <see cref="MultiScaleFlipAug"/>.</summary>
    public RandomFlip()
    {
        _directions = [];
    }

    /// <param name="ratio">How likely a flip is; shared equally by all directions.</param>
    /// <param name="directions">The directions to draw from.</param>
    /// <exception cref="ArgumentException">The ratio is no probability, or there is no direction.</exception>
    public RandomFlip(double ratio, params IReadOnlyList<FlipDirection> directions)
        : this([.. Enumerable.Repeat(ratio / Math.Max(1, directions.Count), directions.Count)], directions)
    {
    }

    /// <param name="ratios">How likely a flip in each direction is; what is left of 1 is no flip.</param>
    /// <param name="directions">One per ratio.</param>
    /// <exception cref="ArgumentException">The ratios are no probabilities, or the counts differ.</exception>
    public RandomFlip(IReadOnlyList<double> ratios, IReadOnlyList<FlipDirection> directions)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentNullException.ThrowIfNull(directions);
        if (ratios.Count != directions.Count || directions.Count == 0)
        {
            throw new ArgumentException(
                $"RandomFlip: flip_ratio and direction must have the same length, got {ratios.Count} and " +
                $"{directions.Count}. Give one ratio per direction.");
        }

        if (ratios.Any(ratio => ratio is not (>= 0 and <= 1)) || ratios.Sum() > 1 + 1e-9)
        {
            throw new ArgumentException(
                $"RandomFlip: flip_ratio must be within [0, 1] and sum to at most 1, got {string.Join(", ", ratios)}.");
        }

        _directions = [.. directions, FlipDirection.None];
        _probabilities = [.. ratios, 1 - ratios.Sum()];
    }

    /// <summary>From a step of a config.</summary>
    internal static RandomFlip FromConfig(ConfigReader reader)
    {
        var directions = StepKeys.Directions(reader, "direction");
        if (!reader.Has("flip_ratio"))
        {
            return new();
        }

        return reader.RawOrNull("flip_ratio") is ConfigSequence
            ? new(reader.Floats("flip_ratio"), directions)
            : new(reader.Float("flip_ratio"), directions);
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var direction = sample.FlipDirection ?? Draw(random);
        sample.FlipDirection = direction;
        if (direction != FlipDirection.None)
        {
            sample.Image = sample.Image.Flip(direction);
            sample.ChangeBoxes(boxes => BoxArrays.Flip(boxes, sample.ImageShape, direction));
        }

        return true;
    }

    private FlipDirection Draw(IRandomSource random) => _probabilities is { } probabilities
        ? random.Choice(_directions, probabilities)
        : throw new PipelineException(
            "RandomFlip: flip_ratio must be set where no MultiScaleFlipAug decides. Write flip_ratio=0.5.");
}
