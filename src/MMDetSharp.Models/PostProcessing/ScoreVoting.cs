using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>
/// Each object that NMS kept becomes the mean of all boxes of its class around it, weighed by score and nearness: Kim and
/// Lee, "Probabilistic Anchor Assignment", arXiv:2007.08103, equations 9 and 10.
/// </summary>
/// <param name="threshold">Only boxes of higher scores vote.</param>
public sealed class ScoreVoting(double threshold)
{
    private const float MinimumIoU = 0.01f;
    private const float Variance = 0.025f; // sigma_t^2

    /// <summary>Votes for the objects of one image.</summary>
    /// <param name="kept">What NMS kept.</param>
    /// <param name="boxes">(P, 4) xyxy: the boxes before it.</param>
    /// <param name="scores">(P, K): their scores.</param>
    /// <returns>The same objects in other boxes; they belong to the caller.</returns>
    public Detections Vote(Detections kept, Tensor boxes, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(kept);
        boxes.RequireShape([ShapeGuard.Any, 4]);
        scores.RequireShape([boxes.Size(0), ShapeGuard.Any], "Give one row of scores per box.");
        using var scope = TensorScope.Begin();
        var (candidates, values, classes) = (UprightBox.Read(boxes.Detach()), scores.Detach().ToArray(), (int)scores.Size(1));
        var (objects, labels) = (UprightBox.Read(kept.Boxes), kept.Labels.ToInt64Array());
        var voted = new float[objects.Length * 4];
        for (var i = 0; i < objects.Length; i++)
        {
            Mean(objects[i], candidates, p => values[(p * classes) + labels[i]], voted.AsSpan(4 * i, 4));
        }

        return new Detections(
            Tensor.From(voted, objects.Length, 4).To(kept.Boxes.Device), kept.Scores.Clone(), kept.Labels.Clone())
            .KeepIn(scope);
    }

    private void Mean(UprightBox item, UprightBox[] candidates, Func<int, float> score, Span<float> mean)
    {
        var sum = 0f;
        for (var p = 0; p < candidates.Length; p++)
        {
            var value = score(p);
            if (value > (float)threshold && item.IoU(candidates[p]) is var overlap and > MinimumIoU)
            {
                var distance = 1 - overlap;
                var weight = MathF.Exp(-(distance * distance) / Variance) * value; // p_i s_i
                sum += weight;
                mean[0] += weight * candidates[p].X1;
                mean[1] += weight * candidates[p].Y1;
                mean[2] += weight * candidates[p].X2;
                mean[3] += weight * candidates[p].Y2;
            }
        }

        for (var side = 0; side < 4; side++)
        {
            mean[side] /= sum;
        }
    }
}
