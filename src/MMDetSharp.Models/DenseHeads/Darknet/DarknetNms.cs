namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// Darknet's non-maximum suppression within each class (box.c, do_nms_sort and diounms_sort): the best box is kept,
/// those that overlap it by more than the threshold go, and so on.
/// </summary>
internal sealed class DarknetNms
{
    // box.c, box_diou: what nms_kind=greedynms takes, whatever beta_nms says.
    private const double GreedyBeta = 0.6;

    private readonly float _threshold;
    private readonly double? _beta;

    /// <param name="threshold">The largest overlap that two boxes of a class may have.</param>
    /// <param name="layer">The last detection layer: its <c>nms_kind</c> holds for all.</param>
    internal DarknetNms(double threshold, YoloLayerOptions? layer)
    {
        _threshold = (float)threshold;
        _beta = layer?.NmsKind switch
        {
            "greedynms" => GreedyBeta,
            "diounms" => layer.BetaNms,
            _ => null,
        };
    }

    /// <summary>Selects the boxes that stay.</summary>
    /// <param name="candidates">In any order.</param>
    /// <returns>The boxes kept, by descending score.</returns>
    internal List<DarknetCandidate> Select(List<DarknetCandidate> candidates)
    {
        int[] order = [.. Enumerable.Range(0, candidates.Count)];
        Array.Sort(order, (left, right) => Compare(candidates, left, right));
        List<DarknetCandidate> kept = [];
        var start = 0; // of the class, in kept
        foreach (var candidate in order.Select(index => candidates[index]))
        {
            start = kept.Count > 0 && kept[^1].Label != candidate.Label ? kept.Count : start;
            if (!IsSuppressed(candidate, kept, start))
            {
                kept.Add(candidate);
            }
        }

        return [.. kept.OrderByDescending(candidate => candidate.Score)];
    }

    // By class and descending score; equal scores in the order of the maps.
    private static int Compare(List<DarknetCandidate> candidates, int left, int right)
    {
        var (one, other) = (candidates[left], candidates[right]);
        var order = one.Label.CompareTo(other.Label);
        order = order != 0 ? order : other.Score.CompareTo(one.Score);
        return order != 0 ? order : left.CompareTo(right);
    }

    private bool IsSuppressed(in DarknetCandidate candidate, List<DarknetCandidate> kept, int start)
    {
        for (var i = start; i < kept.Count; i++)
        {
            var surer = kept[i].Box;
            var overlap = surer.IoU(candidate.Box);
            if (overlap > _threshold && (_beta is not { } beta
                || overlap - surer.CentreDistance(candidate.Box, beta) > _threshold))
            {
                return true;
            }
        }

        return false;
    }
}
