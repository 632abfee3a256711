namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="RandomAffine"/> does; names and defaults are MMDetection's.</summary>
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

    /// <summary>Added left and right.</summary>
    public int BorderWidth { get; init; }

    /// <summary>(C) what fills places without a picture.</summary>
    public IReadOnlyList<double> Fill { get; init; } = [114, 114, 114];

    /// <summary>Whether boxes are cut at the border of the result.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>
    /// Whether the picture turns and grows around its centre, which goes to the centre of the result, as YOLOv5's
    /// random_perspective; else around its top left corner, as YOLOX and MMDetection.
    /// </summary>
    public bool AroundCentre { get; init; }

    /// <summary>Which boxes are worth keeping; null for all that are still on the picture.</summary>
    public BoxFilter? Filter { get; init; }
}

/// <summary>Drops boxes of which a transform left too little; YOLOv5's box_candidates.</summary>
/// <param name="MinSize">Both sides must be longer, in pixels.</param>
/// <param name="MinAreaRatio">The area must be more than this part of what it would be uncut.</param>
/// <param name="MaxAspectRatio">The longer side must be shorter than so many short ones.</param>
public sealed record BoxFilter(double MinSize = 2, double MinAreaRatio = 0.2, double MaxAspectRatio = 20)
{
    private const double Epsilon = 1e-16;

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
