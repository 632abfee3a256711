using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Drops boxes of which a transform left too little; YOLOv5's box_candidates.</summary>
/// <param name="MinSize">Both sides must be longer, in pixels.</param>
/// <param name="MinAreaRatio">The area must be more than this part of what it would be uncut.</param>
/// <param name="MaxAspectRatio">The longer side must be shorter than so many short ones.</param>
public sealed record BoxFilter(double MinSize = 2, double MinAreaRatio = 0.2, double MaxAspectRatio = 20)
{
    private const double Epsilon = 1e-16;

    /// <summary>The filter of a config's step, or null where it is off.</summary>
    /// <param name="reader">The step's node.</param>
    /// <param name="standard">For keys that are left out.</param>
    /// <param name="isOn">Whether it filters where <c>skip_filter</c> is left out.</param>
    internal static BoxFilter? FromConfig(ConfigReader reader, BoxFilter standard, bool isOn)
    {
        var filter = new BoxFilter(
            reader.Float("min_bbox_size", standard.MinSize),
            reader.Float("min_area_ratio", standard.MinAreaRatio),
            reader.Float("max_aspect_ratio", standard.MaxAspectRatio));
        return reader.Bool("skip_filter", !isOn) ? null : filter;
    }

    /// <summary>(N): which boxes are worth keeping.</summary>
    /// <param name="before">(N, 4) xyxy, at the scale of <paramref name="after"/>, before they were cut.</param>
    /// <param name="after">(N, 4) xyxy.</param>
    internal bool[] Keeps(float[] before, float[] after)
    {
        var keep = new bool[after.Length / 4];
        for (var i = 0; i < keep.Length; i++)
        {
            var (oldWidth, oldHeight) = BoxArrays.Size(before, i);
            var (width, height) = BoxArrays.Size(after, i);
            var aspect = Math.Max(width / (height + Epsilon), height / (width + Epsilon));
            keep[i] = width > MinSize && height > MinSize
                && (double)width * height / (((double)oldWidth * oldHeight) + Epsilon) > MinAreaRatio
                && aspect < MaxAspectRatio;
        }

        return keep;
    }
}
