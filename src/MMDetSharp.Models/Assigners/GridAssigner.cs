using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>
/// YOLO's rule: only the anchors of the cell where the centre of an object's box lies are responsible for it, and the best of them
/// learns it; an anchor that overlaps an object much without being responsible is no background either: Redmon and
/// Farhadi, "YOLOv3", arXiv:1804.02767, section 2.1. The reference's <c>GridAssigner</c>.
/// </summary>
/// <remarks>
/// Differs from the paper: every responsible anchor with enough overlap learns, not only the best one; and
/// responsibility belongs to a cell, not to a pair of cell and object, so an object may be learned in its neighbour's
/// cell.
/// </remarks>
/// <param name="options">IoU thresholds of positives and negatives.</param>
public sealed class GridAssigner(GridAssignerOptions options) : IAssigner
{
    /// <summary>Reads <c>GridAssigner</c>.</summary>
    internal static GridAssigner FromConfig(ConfigReader reader)
    {
        BBoxOverlaps2D.RequireFor(reader); // it has its own arithmetic of upright boxes
        var defaults = new GridAssignerOptions
        {
            PositiveIoU = reader.Fraction("pos_iou_thr"),
            NegativeIoU = MaxIoUAssigner.NegativeRange(reader, from: -1), // an overlap of 0 is background
        };
        return new(defaults with
        {
            MinPositiveIoU = reader.Fraction("min_pos_iou", defaults.MinPositiveIoU),
            AssignAllBest = reader.Bool("gt_max_assign_all", defaults.AssignAllBest),
        });
    }

    /// <inheritdoc/>
    /// <param name="priors">Anchors, with <see cref="Priors.Responsible"/>.</param>
    /// <param name="groundTruth">The objects; boxes to ignore have no effect, as in the reference.</param>
    /// <returns>
    /// On the anchors' device, overlaps of anchors that are not responsible -1; it belongs to the caller.
    /// </returns>
    public AssignResult Assign(Priors priors, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(priors);
        ArgumentNullException.ThrowIfNull(groundTruth);
        var (anchors, responsible) = (priors.Boxes, priors.Responsible);
        anchors.RequireShape([responsible.Count, 4], "Say of each anchor whether its cell is responsible.");
        var objects = UprightBox.Read(groundTruth.Boxes);
        var boxes = UprightBox.Read(anchors);
        var indices = new long[boxes.Length];
        var overlaps = new float[boxes.Length];
        if (objects.Length > 0)
        {
            Assign(boxes, responsible, objects, (indices, overlaps));
        }

        return AssignResult.Of(indices, overlaps, groundTruth, anchors.Device);
    }

    private void Assign(
        UprightBox[] boxes, IReadOnlyList<bool> responsible, UprightBox[] objects,
        (long[] Indices, float[] Overlaps) result)
    {
        var (above, to) = ((float)options.NegativeIoU.Above, (float)options.NegativeIoU.To);
        var best = Array.ConvertAll(objects, _ => new BestAnchors());
        for (var i = 0; i < boxes.Length; i++)
        {
            var (overlap, index) = (float.NegativeInfinity, 0);
            for (var g = 0; g < objects.Length; g++)
            {
                var iou = objects[g].IoU(boxes[i]);
                (overlap, index) = iou > overlap ? (iou, g) : (overlap, index);
                if (responsible[i])
                {
                    best[g].Add(i, iou);
                }
            }

            result.Indices[i] = responsible[i] && overlap > (float)options.PositiveIoU ? index + 1
                : overlap > above && overlap <= to ? 0
                : -1;
            result.Overlaps[i] = responsible[i] ? overlap : -1;
        }

        AssignBest(best, result.Indices);
    }

    // As the reference: a later object takes an anchor from an earlier one, even where it overlaps it less.
    private void AssignBest(BestAnchors[] best, long[] indices)
    {
        for (var g = 0; g < best.Length; g++)
        {
            if (best[g].Overlap > (float)options.MinPositiveIoU)
            {
                foreach (var i in options.AssignAllBest ? best[g].Rows : best[g].Rows.Take(1))
                {
                    indices[i] = g + 1;
                }
            }
        }
    }

    /// <summary>The responsible anchors that overlap an object most.</summary>
    private sealed class BestAnchors
    {
        internal List<int> Rows { get; } = [];

        internal float Overlap { get; private set; } = -1;

        internal void Add(int row, float overlap)
        {
            if (overlap > Overlap)
            {
                Overlap = overlap;
                Rows.Clear();
            }

            if (overlap == Overlap)
            {
                Rows.Add(row);
            }
        }
    }
}

/// <summary>The thresholds of a <see cref="GridAssigner"/>.</summary>
public sealed record GridAssignerOptions
{
    /// <summary>A responsible anchor that overlaps an object by more than this learns it.</summary>
    public required double PositiveIoU { get; init; }

    /// <summary>Anchors whose largest overlap lies above the first and not above the second are background.</summary>
    public required (double Above, double To) NegativeIoU { get; init; }

    /// <summary>An object's best responsible anchor learns it from above this overlap on.</summary>
    public double MinPositiveIoU { get; init; }

    /// <summary>Whether all equally good anchors learn the object, or only the first.</summary>
    public bool AssignAllBest { get; init; } = true;
}
