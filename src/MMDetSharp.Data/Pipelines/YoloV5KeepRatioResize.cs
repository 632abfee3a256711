using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Resizes the image so that its longer side has a length, as YOLOv5 does before it letterboxes images to evaluate:
/// sides are cut off to whole pixels, and areas are averaged where it becomes smaller.
/// </summary>
/// <remarks>As ultralytics/yolov5, v3.0 to v7.0: load_image. Its name and that of its option are MMYOLO's.</remarks>
/// <param name="height">Most rows.</param>
/// <param name="width">Most columns.</param>
public sealed class YoloV5KeepRatioResize(int height, int width) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static YoloV5KeepRatioResize FromConfig(ConfigReader reader)
    {
        var size = reader.IntPairOrOne("img_scale") ?? throw reader.Error("img_scale", "is missing. Add img_scale=640.");
        return new(size.First, size.Second);
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var old = sample.Image.Shape;
        var ratio = Math.Min((double)height / old.Height, (double)width / old.Width);
        if (ratio != 1)
        {
            var (newWidth, newHeight) = (Math.Max((int)(old.Width * ratio), 1), Math.Max((int)(old.Height * ratio), 1));
            sample.Image = sample.Image.Resize(
                newWidth, newHeight, ratio < 1 ? Interpolation.Area : Interpolation.Bilinear);
        }

        var shape = sample.Image.Shape;
        var (x, y) = ((float)((double)shape.Width / old.Width), (float)((double)shape.Height / old.Height));
        (sample.ImageShape, sample.PadShape, sample.ScaleFactor) = (shape, shape, [x, y, x, y]);
        sample.ChangeBoxes(boxes => BoxArrays.Scale(boxes, sample.ScaleFactor));
        return true;
    }
}
