using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>
/// Adaptive training sample selection: the k priors nearest to an object's centre on each level are its candidates; those
/// that overlap it by at least mean plus deviation of the candidates' IoU, and whose centres lie in it, are positive:
/// Zhang et al., "Bridging the Gap Between Anchor-based and Anchor-free Detection", arXiv:1912.02424, algorithm 1.
/// </summary>
/// <remarks>
/// Works on values, object by object and level by level, and never makes the (N, G) tables of overlaps and distances.
/// </remarks>
/// <param name="options">k, and what is ignored.</param>
public sealed class AtssAssigner(AtssAssignerOptions options) : IAssigner
{
    // As the reference: what a prior without an object, or an ignored prior's distance, is recorded as.
    private const float Infinite = 100_000_000;
    private const float Inside = 0.01f;

    /// <summary>Reads <c>ATSSAssigner</c>.</summary>
    internal static AtssAssigner FromConfig(ConfigReader reader)
    {
        BBoxOverlaps2D.RequireFor(reader);
        var defaults = new AtssAssignerOptions { TopK = reader.Positive("topk") };
        return new(defaults with { IgnoreIoF = reader.Float("ignore_iof_thr", defaults.IgnoreIoF) });
    }

    /// <inheritdoc/>
    public AssignResult Assign(Priors priors, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(priors);
        ArgumentNullException.ThrowIfNull(groundTruth);
        priors.Boxes.RequireShape([ShapeGuard.Any, 4]);
        var (boxes, objects) = (UprightBox.Read(priors.Boxes), UprightBox.Read(groundTruth.Boxes));
        RequireLevels(priors);
        var indices = new long[boxes.Length];
        var overlaps = new float[boxes.Length];
        if (objects.Length > 0)
        {
            Array.Fill(overlaps, -Infinite);
            var ignored = Ignored(boxes, UprightBox.Read(groundTruth.IgnoredBoxes), indices);
            for (var g = 0; g < objects.Length; g++)
            {
                foreach (var (prior, overlap) in Positives(objects[g], boxes, priors.Levels, ignored))
                {
                    // A prior of several objects learns the one that it overlaps most.
                    if (overlap > overlaps[prior])
                    {
                        (overlaps[prior], indices[prior]) = (overlap, g + 1);
                    }
                }
            }
        }

        return AssignResult.Of(indices, overlaps, groundTruth, priors.Boxes.Device);
    }

    private static void RequireLevels(Priors priors)
    {
        var count = priors.Levels.Sum(level => level.Count);
        if (count != priors.Count)
        {
            throw new ArgumentException(
                $"ATSSAssigner: the levels must hold all {priors.Count} priors, got {count}. Take another assigner for proposals.",
                nameof(priors));
        }
    }

    // Lines 3 to 15 of the algorithm, for one object.
    private IEnumerable<(int Prior, float Overlap)> Positives(
        UprightBox item, UprightBox[] boxes, IReadOnlyList<PriorLevel> levels, bool[] ignored)
    {
        List<(int Prior, float Overlap)> candidates = [];
        var begin = 0;
        foreach (var level in levels)
        {
            var end = begin + (int)level.Count;
            candidates.AddRange(Nearest(item, boxes, (begin, end), ignored).Select(i => (i, boxes[i].IoU(item))));
            begin = end;
        }

        var threshold = MeanPlusDeviation(candidates);
        return candidates.Where(candidate => candidate.Overlap >= threshold && CentreLiesIn(item, boxes[candidate.Prior]));
    }

    // The k priors of a level that are nearest to an object's centre, nearest first; of equally near ones the first.
    private int[] Nearest(UprightBox item, UprightBox[] boxes, (int Begin, int End) level, bool[] ignored)
    {
        var count = Math.Min(options.TopK, level.End - level.Begin);
        var (chosen, distances) = (new int[count], new float[count]);
        var found = 0;
        for (var i = level.Begin; i < level.End && count > 0; i++)
        {
            var (dx, dy) = (boxes[i].CentreX - item.CentreX, boxes[i].CentreY - item.CentreY);
            var distance = ignored.Length > 0 && ignored[i] ? Infinite : MathF.Sqrt((dx * dx) + (dy * dy));
            if (found == count && distance >= distances[^1])
            {
                continue;
            }

            var place = found < count ? found++ : count - 1;
            for (; place > 0 && distances[place - 1] > distance; place--)
            {
                (chosen[place], distances[place]) = (chosen[place - 1], distances[place - 1]);
            }

            (chosen[place], distances[place]) = (i, distance);
        }

        return chosen;
    }

    // t_g = m_g + v_g: section 3.2. NaN, and so no positive, where there is one candidate alone.
    private static float MeanPlusDeviation(List<(int Prior, float Overlap)> candidates)
    {
        var mean = candidates.Sum(candidate => (double)candidate.Overlap) / candidates.Count;
        var squares = candidates.Sum(candidate => (candidate.Overlap - mean) * (candidate.Overlap - mean));
        return (float)mean + (float)Math.Sqrt(squares / (candidates.Count - 1));
    }

    private static bool CentreLiesIn(UprightBox item, UprightBox prior)
    {
        var (x, y) = (prior.CentreX, prior.CentreY);
        return MathF.Min(MathF.Min(x - item.X1, y - item.Y1), MathF.Min(item.X2 - x, item.Y2 - y)) > Inside;
    }

    // Truth per prior, and index -1: too much of it lies in an ignored box. Empty when none does.
    private bool[] Ignored(UprightBox[] boxes, UprightBox[] ignored, long[] indices)
    {
        if (options.IgnoreIoF <= 0 || ignored.Length == 0)
        {
            return [];
        }

        var flags = Array.ConvertAll(
            boxes, box => Array.Exists(ignored, other => box.IoF(other) > (float)options.IgnoreIoF));
        for (var i = 0; i < flags.Length; i++)
        {
            indices[i] = flags[i] ? -1 : 0;
        }

        return flags;
    }
}

/// <summary>How an <see cref="AtssAssigner"/> chooses.</summary>
public sealed record AtssAssignerOptions
{
    /// <summary>k: candidates of an object on each level. The paper has 9.</summary>
    public required int TopK { get; init; }

    /// <summary>Priors of which more than this part lies in an ignored box are neither positive nor negative; 0 or less: none.</summary>
    public double IgnoreIoF { get; init; } = -1;
}
