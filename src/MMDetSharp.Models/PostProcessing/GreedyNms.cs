namespace MMDetSharp.Models.PostProcessing;

/// <summary>
/// Greedy non-maximum suppression: the best box is kept, those that overlap it are suppressed, and so on. Stops as soon as enough
/// boxes are kept.
/// </summary>
internal static class GreedyNms
{
    /// <summary>Runs NMS until k boxes are kept.</summary>
    /// <param name="boxes">(N, 4) xyxy, row-major.</param>
    /// <param name="scores">(N).</param>
    /// <param name="groups">(N): only boxes of one group suppress each other; empty: all do.</param>
    /// <param name="options">Threshold and offset.</param>
    /// <param name="maxCount">k; 0 or less: all.</param>
    /// <returns>Rows of the boxes that are kept, by falling score; equal scores by rising row.</returns>
    internal static int[] Select(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> groups, NmsOptions options, int maxCount)
    {
        var kept = new Dictionary<int, KeptBoxes>();
        var rows = new List<int>();
        var queue = new ScoreQueue(scores);
        while (queue.Count > 0 && (maxCount <= 0 || rows.Count < maxCount))
        {
            var row = queue.Pop();
            var group = groups.IsEmpty ? 0 : groups[row];
            if (!kept.TryGetValue(group, out var others))
            {
                kept.Add(group, others = new KeptBoxes(options.IoUThreshold, options.Offset));
            }

            if (others.TryAdd(boxes.Slice(row * 4, 4)))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
