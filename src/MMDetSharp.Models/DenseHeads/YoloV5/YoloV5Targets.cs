using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.Yolo;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// Label assignment of YOLOv5. An anchor learns an object by the ratio of their sides, not by their
/// overlap; the cell of the object's centre learns it, and the two neighbours whose border is nearest.
/// </summary>
/// <remarks>
/// So an object has up to 3 places for each anchor that fits, on every level; a network that predicts centres from
/// -0.5 to 1.5 cells reaches them. As ultralytics/yolov5, v3.0 to v7.0: utils/loss.py, build_targets.
/// </remarks>
/// <param name="options">The ratio threshold <c>anchor_t</c> and what belongs to it.</param>
internal sealed class YoloV5Targets(YoloV5LossOptions options)
{
    // The cell itself and its neighbours: left, above, right, below.
    private static readonly (int X, int Y)[] s_steps = [(0, 0), (-1, 0), (0, -1), (1, 0), (0, 1)];

    /// <summary>Makes the targets of one level.</summary>
    /// <param name="level">Its anchors and stride.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Columns of cells.</param>
    /// <param name="objects">Of all images, in the order of the images.</param>
    internal YoloV5TargetSet Make(YoloLevel level, long height, long width, IReadOnlyList<YoloObject> objects)
    {
        var fits = Fits(level, objects);
        var set = new YoloV5TargetSet();
        foreach (var step in s_steps)
        {
            foreach (var (anchor, item) in fits.Where(fit => Learns(fit.Object, step, height, width)))
            {
                var (left, top) = (Cell(item.X, step.X, width), Cell(item.Y, step.Y, height));
                set.Images.Add(item.Image);
                set.Anchors.Add(anchor);
                set.Rows.Add(top);
                set.Columns.Add(left);
                set.Labels.Add(item.Label);
                set.Boxes.AddRange(item.Xyxy(left, top));
                set.AnchorSizes.AddRange([
                    level.Anchors[anchor].Width / level.Stride, level.Anchors[anchor].Height / level.Stride]);
            }
        }

        return set;
    }

    // The objects in cells, by the anchors that fit them.
    private List<(int Anchor, YoloObject Object)> Fits(YoloLevel level, IReadOnlyList<YoloObject> objects)
    {
        List<(int, YoloObject)> fits = [];
        for (var anchor = 0; anchor < level.Anchors.Count; anchor++)
        {
            var (width, height) = level.Anchors[anchor];
            fits.AddRange(objects
                .Where(item => Ratio(item.Width, width) < options.AnchorThreshold
                    && Ratio(item.Height, height) < options.AnchorThreshold)
                .Select(item => (anchor, item.InCells(level.Stride))));
        }

        return fits;
    }

    // A neighbour must be on the map: an object within one cell of its border has no neighbour there.
    private bool Learns(YoloObject item, (int X, int Y) step, long height, long width) => step switch
    {
        (0, 0) => true,
        (-1, 0) => IsNear(item.X),
        (0, -1) => IsNear(item.Y),
        (1, 0) => IsNear(width - item.X),
        _ => IsNear(height - item.Y),
    };

    private bool IsNear(float distance) => distance > 1 && distance - MathF.Floor(distance) < options.NeighbourDistance;

    // As the original: half a cell towards the neighbour, then the cell there.
    private long Cell(float centre, int step, long count) =>
        Math.Clamp((long)(centre + (step * (float)options.NeighbourDistance)), 0, count - 1);

    private static float Ratio(float side, float anchor) => Math.Max(side / anchor, anchor / side);
}
