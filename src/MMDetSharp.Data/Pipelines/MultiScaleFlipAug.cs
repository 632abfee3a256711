using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Makes several views of one image for testing: each scale, each plain and mirrored.</summary>
public sealed class MultiScaleFlipAug : ITransform
{
    private readonly ITransform _transforms;
    private readonly IReadOnlyList<FlipDirection> _flips;

    private MultiScaleFlipAug(ITransform transforms, IReadOnlyList<FlipDirection> flips)
    {
        _transforms = transforms;
        _flips = [FlipDirection.None, .. flips];
    }

    private IReadOnlyList<ImageScale> Scales { get; init; } = [];

    private IReadOnlyList<double> Factors { get; init; } = [];

    /// <summary>Test-time views of one image at given scales, each also mirrored.</summary>
    /// <param name="transforms">What is done to each view; it holds a <see cref="Resize"/>.</param>
    /// <param name="scales">One or more.</param>
    /// <param name="flips">The directions of further views; none for no flipping.</param>
    /// <exception cref="ArgumentException">There is no scale.</exception>
    public static MultiScaleFlipAug AtScales(
        ITransform transforms, IReadOnlyList<ImageScale> scales, params IReadOnlyList<FlipDirection> flips)
    {
        ArgumentNullException.ThrowIfNull(scales);
        RequireOne(scales.Count);
        return new(transforms, flips) { Scales = scales };
    }

    /// <summary>Test-time views at given factors of the image's own size, each also mirrored.</summary>
    /// <param name="transforms">What is done to each view; it holds a <see cref="Resize"/>.</param>
    /// <param name="factors">One or more.</param>
    /// <param name="flips">The directions of further views; none for no flipping.</param>
    /// <exception cref="ArgumentException">There is no factor.</exception>
    public static MultiScaleFlipAug AtFactors(
        ITransform transforms, IReadOnlyList<double> factors, params IReadOnlyList<FlipDirection> flips)
    {
        ArgumentNullException.ThrowIfNull(factors);
        RequireOne(factors.Count);
        return new(transforms, flips) { Factors = factors };
    }

    /// <summary>From a step of a config.</summary>
    internal static MultiScaleFlipAug FromConfig(ConfigReader reader)
    {
        var transforms = PipelineBuilder.Build(reader.Nodes("transforms"));
        var directions = StepKeys.Directions(reader, "flip_direction");
        var flips = reader.Bool("flip", false) ? directions : [];
        var factors = reader.FloatsOrOne("scale_factor");
        var scales = StepKeys.Scales(reader);
        if (scales.Count > 0 == (factors is not null))
        {
            throw new ArgumentException(
                "MultiScaleFlipAug: one of img_scale and scale_factor must be set. Write img_scale=(1333, 800).");
        }

        return factors is null ? AtScales(transforms, scales, flips) : AtFactors(transforms, factors, flips);
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var views = new List<Sample>();
        sample.Views = views;
        foreach (var scale in Scales)
        {
            AddViews(sample, views, random, view => view.RequestedScale = scale);
        }

        foreach (var factor in Factors)
        {
            AddViews(sample, views, random, view => view.RequestedScaleFactor = factor);
        }

        return true;
    }

    private static void RequireOne(int count)
    {
        if (count == 0)
        {
            throw new ArgumentException(
                "MultiScaleFlipAug: one of img_scale and scale_factor must be set. Write img_scale=(1333, 800).");
        }
    }

    private void AddViews(Sample sample, List<Sample> views, IRandomSource random, Action<Sample> ask)
    {
        foreach (var flip in _flips)
        {
            var view = sample.Copy();
            views.Add(view);
            view.Views = [];
            view.FlipDirection = flip;
            ask(view);
            _transforms.Apply(view, random);
        }
    }
}
