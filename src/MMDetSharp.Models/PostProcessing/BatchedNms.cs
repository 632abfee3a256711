namespace MMDetSharp.Models.PostProcessing;

/// <summary>NMS of the boxes of each class on their own.</summary>
/// <remarks>
/// As the reference: boxes are shifted by class, so far that classes cannot overlap, and compared after the shift. It
/// rounds coordinates, and a threshold may fall the other way; so ours shifts as well.
/// </remarks>
internal static class BatchedNms
{
    /// <summary>Runs NMS, and keeps the top-k.</summary>
    /// <param name="boxes">(N, 4) xyxy, row-major.</param>
    /// <param name="scores">(N).</param>
    /// <param name="labels">(N).</param>
    /// <param name="options">Method and thresholds.</param>
    /// <param name="maxCount">k; 0 or less: all.</param>
    /// <returns>Rows of the boxes that are kept, by falling score, and their scores.</returns>
    internal static (int[] Rows, float[] Scores) Select(
        ReadOnlySpan<float> boxes, float[] scores, int[] labels, NmsOptions options, int maxCount = -1)
    {
        var shifted = options.ClassAgnostic ? boxes : Shift(boxes, labels);
        var split = labels.Length >= options.SplitThreshold;
        if (options.Method != NmsMethod.Greedy)
        {
            return Limit(
                split ? SoftByClass(shifted, scores, labels, options) : SoftNms.Select(shifted, scores, options), maxCount);
        }

        // Negative coordinates reach into the class before: then all must be compared with all.
        var apart = split || (!options.ClassAgnostic && NoneBelowZero(boxes));
        var rows = GreedyNms.Select(shifted, scores, apart ? labels : [], options, maxCount);
        return (rows, Array.ConvertAll(rows, row => scores[row]));
    }

    private static float[] Shift(ReadOnlySpan<float> boxes, int[] labels)
    {
        var max = float.NegativeInfinity;
        foreach (var coordinate in boxes)
        {
            max = MathF.Max(max, coordinate);
        }

        var shifted = boxes.ToArray();
        for (var i = 0; i < shifted.Length; i++)
        {
            shifted[i] += labels[i / 4] * (max + 1);
        }

        return shifted;
    }

    private static bool NoneBelowZero(ReadOnlySpan<float> boxes)
    {
        foreach (var coordinate in boxes)
        {
            if (!(coordinate >= 0))
            {
                return false;
            }
        }

        return true;
    }

    // As the reference: class by class, the scores that Soft-NMS lowered are not used, only who stays.
    private static (int[] Rows, float[] Scores) SoftByClass(
        ReadOnlySpan<float> boxes, float[] scores, int[] labels, NmsOptions options)
    {
        var kept = new List<int>();
        foreach (var label in labels.Distinct().Order())
        {
            int[] members = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == label)];
            var memberBoxes = new float[members.Length * 4];
            for (var i = 0; i < members.Length; i++)
            {
                boxes.Slice(members[i] * 4, 4).CopyTo(memberBoxes.AsSpan(i * 4));
            }

            var (rows, _) = SoftNms.Select(memberBoxes, Array.ConvertAll(members, row => scores[row]), options);
            kept.AddRange(rows.Select(row => members[row]));
        }

        int[] ordered = [.. kept.Order().OrderByDescending(row => scores[row])];
        return (ordered, Array.ConvertAll(ordered, row => scores[row]));
    }

    private static (int[] Rows, float[] Scores) Limit((int[] Rows, float[] Scores) result, int maxCount)
    {
        var count = maxCount > 0 ? Math.Min(maxCount, result.Rows.Length) : result.Rows.Length;
        return (result.Rows[..count], result.Scores[..count]);
    }
}
