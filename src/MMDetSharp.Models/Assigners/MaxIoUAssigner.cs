using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>
/// A box finds the object that it overlaps most, if enough; an object that no box overlaps enough gets its best boxes:
/// Ren et al., "Faster R-CNN", arXiv:1506.01497, section 3.1.2.
/// </summary>
/// <remarks>
/// Works on values, box by box, and never makes the (G, N) table of overlaps: 20 objects and 180,000 anchors would need
/// a dozen tables of 14 MB. The arithmetic is that of <see cref="BBoxOverlaps2D"/>, bit for bit.
/// </remarks>
/// <param name="options">IoU thresholds of positives, negatives and ignored boxes.</param>
public sealed class MaxIoUAssigner(MaxIoUAssignerOptions options) : IAssigner
{
    /// <summary>Reads <c>MaxIoUAssigner</c>.</summary>
    internal static MaxIoUAssigner FromConfig(ConfigReader reader) => new(MaxIoUAssignerOptions.FromConfig(reader));

    /// <summary>Reads <c>neg_iou_thr</c>: a number, or a pair.</summary>
    /// <param name="reader">The assigner's node.</param>
    /// <param name="from">Where the range begins when only its end is given.</param>
    internal static (double From, double To) NegativeRange(ConfigReader reader, double from)
    {
        var range = ReadRange(reader, from);
        new OptionCheck(reader.TypeName, reader.Error).Require(
            range.From >= from && range.From <= range.To && range.To <= 1,
            "neg_iou_thr", "must lie between 0 and 1, and a pair must rise", FormattableString.Invariant($"{range.From} to {range.To}"));
        return range;
    }

    private static (double From, double To) ReadRange(ConfigReader reader, double from) =>
        reader.FloatsOrOne("neg_iou_thr") switch
        {
            [var to] => (from, to),
            [var begin, var to] => (begin, to),
            _ => throw reader.Error("neg_iou_thr", "must be a number, or a pair (from, to). Set it to 0.4, for instance."),
        };

    /// <inheritdoc/>
    public AssignResult Assign(Priors priors, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(priors);
        ArgumentNullException.ThrowIfNull(groundTruth);
        priors.Boxes.RequireShape([ShapeGuard.Any, 4]);
        var boxes = UprightBox.Read(priors.Boxes);
        return Assign(boxes, boxes, groundTruth, priors.Boxes.Device);
    }

    /// <summary>Decides by the best overlap of the shapes that each prior may take.</summary>
    /// <param name="boxes">(N): the priors, which ignored boxes are compared with.</param>
    /// <param name="shapes">(N A): the shapes, those of a prior together.</param>
    /// <param name="groundTruth">The objects, and the boxes to ignore.</param>
    /// <param name="device">Where the result goes.</param>
    internal AssignResult Assign(UprightBox[] boxes, UprightBox[] shapes, GroundTruth groundTruth, Device device)
    {
        var objects = UprightBox.Read(groundTruth.Boxes);
        var best = new BestMatches(
            boxes.Length, shapes, objects, Ignored(boxes, UprightBox.Read(groundTruth.IgnoredBoxes)));
        var indices = objects.Length == 0 ? new long[boxes.Length] : AssignByThreshold(best, objects.Length);
        return AssignResult.Of(indices, best.Overlaps, groundTruth, device);
    }

    // Truth per box: it overlaps an ignored box too much. Empty when none is ignored.
    private bool[] Ignored(UprightBox[] candidates, UprightBox[] ignored)
    {
        if (options.IgnoreIoF <= 0 || ignored.Length == 0)
        {
            return [];
        }

        var threshold = (float)options.IgnoreIoF;
        return Array.ConvertAll(candidates, candidate => Array.Exists(ignored, other => threshold
            < (options.IgnoreRelativeToCandidates ? candidate.IoF(other) : other.IoF(candidate))));
    }

    private long[] AssignByThreshold(BestMatches best, int objects)
    {
        var (from, to) = ((float)options.NegativeIoU.From, (float)options.NegativeIoU.To);
        var positive = (float)options.PositiveIoU;
        var indices = new long[best.Overlaps.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var overlap = best.Overlaps[i];
            var otherwise = overlap >= from && overlap < to ? 0 : -1;
            indices[i] = overlap >= positive ? best.Objects[i] + 1 : otherwise;
        }

        if (options.MatchLowQuality)
        {
            for (var g = 0; g < objects; g++)
            {
                MatchLowQuality(best, g, indices);
            }
        }

        return indices;
    }

    // As the reference: a later object takes a box from an earlier one, even where it overlaps it less.
    private void MatchLowQuality(BestMatches best, int g, long[] indices)
    {
        if (best.ObjectOverlaps[g] < (float)options.MinPositiveIoU)
        {
            return;
        }

        var boxes = best.ObjectBoxes[g];
        foreach (var i in options.AssignAllBest ? boxes : boxes.Take(1))
        {
            indices[i] = g + 1;
        }
    }
}

/// <summary>The thresholds of a <see cref="MaxIoUAssigner"/>.</summary>
public sealed record MaxIoUAssignerOptions
{
    /// <summary>From this overlap with an object on, a box is positive.</summary>
    public required double PositiveIoU { get; init; }

    /// <summary>A box is background when its largest overlap is in [From, To).</summary>
    public required (double From, double To) NegativeIoU { get; init; }

    /// <summary>From this overlap on, the best boxes of an object are positive even below <see cref="PositiveIoU"/>.</summary>
    public double MinPositiveIoU { get; init; }

    /// <summary>Whether all boxes that overlap an object best become positive, or only the first of them.</summary>
    public bool AssignAllBest { get; init; } = true;

    /// <summary>Boxes that overlap an ignored box more are neither positive nor background; 0 or less: none.</summary>
    public double IgnoreIoF { get; init; } = -1;

    /// <summary>Whether that overlap is a part of the box, or of the ignored box.</summary>
    public bool IgnoreRelativeToCandidates { get; init; } = true;

    /// <summary>Whether an object's best boxes become positive even below <see cref="PositiveIoU"/>.</summary>
    public bool MatchLowQuality { get; init; } = true;

    /// <summary>Reads the keys of <c>MaxIoUAssigner</c>; those of <c>ApproxMaxIoUAssigner</c> are the same.</summary>
    internal static MaxIoUAssignerOptions FromConfig(ConfigReader reader)
    {
        // The assigner always works on the processor and has its own arithmetic of upright boxes.
        reader.Ignore("gpu_assign_thr");
        BBoxOverlaps2D.RequireFor(reader);
        var defaults = new MaxIoUAssignerOptions
        {
            PositiveIoU = reader.Fraction("pos_iou_thr"),
            NegativeIoU = MaxIoUAssigner.NegativeRange(reader, from: 0),
        };
        return defaults with
        {
            MinPositiveIoU = reader.Fraction("min_pos_iou", defaults.MinPositiveIoU),
            AssignAllBest = reader.Bool("gt_max_assign_all", defaults.AssignAllBest),
            IgnoreIoF = reader.Float("ignore_iof_thr", defaults.IgnoreIoF),
            IgnoreRelativeToCandidates = reader.Bool("ignore_wrt_candidates", defaults.IgnoreRelativeToCandidates),
            MatchLowQuality = reader.Bool("match_low_quality", defaults.MatchLowQuality),
        };
    }
}
