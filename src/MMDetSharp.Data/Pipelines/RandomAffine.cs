using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Scales, turns, shears and shifts the picture at random, and puts new upright boxes around the moved ones. As
/// MMDetection 2.x's RandomAffine (from YOLOX); around the centre as YOLOv5's random_perspective.
/// </summary>
/// <remarks>Differs from YOLOv5: no perspective; its recipes leave it at 0.</remarks>
/// <param name="options">Ranges.</param>
public sealed class RandomAffine(RandomAffineOptions options) : ITransform
{
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
                $"RandomAffine: border must leave a picture, got ({options.BorderHeight}, {options.BorderWidth}) for " +
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

    // The centre goes to the middle of the result, give or take the shift.
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

/// <summary>The numbers drawn for one picture.</summary>
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
