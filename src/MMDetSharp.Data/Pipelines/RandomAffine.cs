using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Ranges of rotation, shift, scale and shear of <see cref="RandomAffine"/>; names and defaults are MMDetection's.</summary>
public sealed record RandomAffineOptions
{
    /// <summary>Rotates by up to so many degrees either way.</summary>
    public double MaxRotation { get; init; } = 10;

    /// <summary>Shifts by up to this part of the result either way.</summary>
    public double MaxTranslation { get; init; } = 0.1;

    /// <summary>Scales by a factor of this range.</summary>
    public (double Low, double High) Scaling { get; init; } = (0.5, 1.5);

    /// <summary>Shears by up to so many degrees either way.</summary>
    public double MaxShear { get; init; } = 2;

    /// <summary>Added above and below; negative to cut: half a mosaic is (-h / 2, -w / 2).</summary>
    public int BorderHeight { get; init; }

    /// <summary>Added left and right, in pixels; negative to cut.</summary>
    public int BorderWidth { get; init; }

    /// <summary>(C) what fills places without an image.</summary>
    public IReadOnlyList<double> Fill { get; init; } = [114, 114, 114];

    /// <summary>Whether boxes are cut at the border of the result.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>
    /// Whether the image turns and grows around its centre, which goes to the centre of the result, as YOLOv5's
    /// random_perspective; else around its top left corner, as YOLOX and MMDetection.
    /// </summary>
    public bool AroundCentre { get; init; }

    /// <summary>Which boxes are worth keeping; null for all that are still on the image.</summary>
    public BoxFilter? Filter { get; init; }
}

/// <summary>
/// Scales, turns, shears and shifts the image at random, and puts new upright boxes around the moved ones. As
/// MMDetection 2.x's RandomAffine (from YOLOX); around the centre as YOLOv5's random_perspective.
/// </summary>
/// <remarks>Differs from YOLOv5: no perspective; its recipes leave it at 0.</remarks>
/// <param name="options">Ranges to draw from, border and box filter.</param>
public sealed class RandomAffine(RandomAffineOptions options) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static RandomAffine FromConfig(ConfigReader reader) => From(reader, new());

    /// <summary>From a step of YOLOv5's: around the centre, boxes filtered, as its hyper-parameters say.</summary>
    internal static RandomAffine FromYoloV5(ConfigReader reader) => From(reader, new RandomAffineOptions
    {
        MaxRotation = 0,
        MaxTranslation = 0.1,
        Scaling = (0.5, 1.5),
        MaxShear = 0,
        AroundCentre = true,
        Filter = new BoxFilter(MinSize: 2, MinAreaRatio: 0.1, MaxAspectRatio: 20),
    });

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var (height, width) = (
            sample.Image.Height + (2 * options.BorderHeight), sample.Image.Width + (2 * options.BorderWidth));
        if (height < 1 || width < 1)
        {
            throw new PipelineException(
                $"RandomAffine: border must leave an image, got ({options.BorderHeight}, {options.BorderWidth}) for " +
                $"{sample.Image.Width} x {sample.Image.Height}. Put Mosaic before it, or set border=(0, 0).");
        }

        var draw = AffineDraw.From(options, random);
        var map = options.AroundCentre
            ? AroundCentre(draw, sample.Image, width, height)
            : draw.Linear().Shifted(draw.ShiftX * width, draw.ShiftY * height);
        sample.ReplaceImage(sample.Image.WarpAffine(
            map.ToArray(), width, height, Interpolation.Bilinear, [.. options.Fill]));
        sample.MoveBoxes(boxes => Move(boxes, map, sample, draw.Scale));
        return true;
    }

    private static RandomAffine From(ConfigReader reader, RandomAffineOptions standard)
    {
        var (height, width) = reader.IntPairOrNull("border") ?? (0, 0);
        return new(standard with
        {
            MaxRotation = reader.Float("max_rotate_degree", standard.MaxRotation),
            MaxTranslation = reader.Float("max_translate_ratio", standard.MaxTranslation),
            Scaling = reader.FloatPairOrNull("scaling_ratio_range") ?? standard.Scaling,
            MaxShear = reader.Float("max_shear_degree", standard.MaxShear),
            BorderHeight = height,
            BorderWidth = width,
            Fill = reader.Floats("border_val", [114, 114, 114]),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Filter = BoxFilter.FromConfig(reader, standard.Filter ?? new BoxFilter(), isOn: standard.Filter is not null),
        });
    }

    // The centre goes to the centre of the result, give or take the shift.
    private static AffineMap AroundCentre(AffineDraw draw, Image image, int width, int height) =>
        draw.Linear()
            .After(new AffineMap(1, 0, -image.Width / 2.0, 0, 1, -image.Height / 2.0))
            .Shifted((0.5 + draw.ShiftX) * width, (0.5 + draw.ShiftY) * height);

    private (float[] Boxes, bool[] Keep) Move(float[] boxes, AffineMap map, Sample sample, double scale)
    {
        var moved = map.Apply(boxes);
        var isOn = BoxArrays.AreOn(moved, sample.Image.Shape);
        var cut = options.ClipBoxes ? BoxArrays.Clip(moved, sample.Image.Shape) : moved;
        if (options.Filter is { } filter)
        {
            var factor = (float)scale;
            var worthy = filter.Keeps(BoxArrays.Scale(boxes, [factor, factor, factor, factor]), cut);
            isOn = [.. isOn.Zip(worthy, (on, keep) => on && keep)];
        }

        return (cut, isOn);
    }
}

/// <summary>The numbers drawn for one image.</summary>
internal readonly record struct AffineDraw(
    double Degrees, double Scale, double ShearX, double ShearY, double ShiftX, double ShiftY)
{
    // In the order of MMDetection's draws.
    internal static AffineDraw From(RandomAffineOptions options, IRandomSource random) => new(
        random.Uniform(-options.MaxRotation, options.MaxRotation),
        random.Uniform(options.Scaling.Low, options.Scaling.High),
        random.Uniform(-options.MaxShear, options.MaxShear),
        random.Uniform(-options.MaxShear, options.MaxShear),
        random.Uniform(-options.MaxTranslation, options.MaxTranslation),
        random.Uniform(-options.MaxTranslation, options.MaxTranslation));

    /// <summary>Scale, then turn, then shear.</summary>
    internal AffineMap Linear()
    {
        var (sin, cos) = Math.SinCos(Degrees * Math.PI / 180);
        var (x, y) = (Math.Tan(ShearX * Math.PI / 180), Math.Tan(ShearY * Math.PI / 180));
        var turned = new AffineMap(cos * Scale, -sin * Scale, 0, sin * Scale, cos * Scale, 0);
        return new AffineMap(1, x, 0, y, 1, 0).After(turned);
    }
}
