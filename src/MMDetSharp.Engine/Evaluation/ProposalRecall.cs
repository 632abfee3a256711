using MMDetSharp.Core.Structures;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>How many objects the best proposals of each image cover, one object for each proposal.</summary>
/// <remarks>
/// The reference's fast recall (<c>eval_recalls</c>): object and proposal of the largest IoU are paired, taken out,
/// and so on; an object counts where the IoU of its pair reaches the threshold.
/// </remarks>
public static class ProposalRecall
{
    /// <summary>Recall for each number of proposals and each threshold.</summary>
    /// <param name="objects">For each image, (G, 4) row-major xyxy.</param>
    /// <param name="proposals">For each image; their labels do not matter.</param>
    /// <param name="numbers">Ascending: how many best proposals of an image count.</param>
    /// <param name="thresholds">Overlaps.</param>
    /// <returns>(numbers, thresholds), in [0, 1]; NaN where there is no object at all.</returns>
    public static double[,] Evaluate(
        IReadOnlyList<float[]> objects,
        IReadOnlyList<ImageDetections> proposals,
        IReadOnlyList<int> numbers,
        IReadOnlyList<double> thresholds)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(thresholds);
        var overlaps = new float[objects.Count][][];
        Parallel.For(0, objects.Count, i =>
        {
            var sorted = SortedBoxes(proposals[i], numbers[^1]);
            overlaps[i] = [.. numbers.Select(number => Pair(objects[i], sorted, number))];
        });

        var total = (double)objects.Sum(boxes => boxes.Length / 4);
        var recall = new double[numbers.Count, thresholds.Count];
        for (var n = 0; n < numbers.Count; n++)
        {
            for (var t = 0; t < thresholds.Count; t++)
            {
                var threshold = (float)thresholds[t];
                recall[n, t] = overlaps.Sum(image => image[n].Count(overlap => overlap >= threshold)) / total;
            }
        }

        return recall;
    }

    /// <summary>The best proposals; of equal scores the later first, as the reference's reversed sort.</summary>
    private static float[] SortedBoxes(ImageDetections proposals, int count) =>
    [
        .. Enumerable.Range(0, proposals.Count)
            .Reverse()
            .OrderByDescending(d => proposals.Scores[d])
            .Take(count)
            .SelectMany(d => proposals.Boxes[(d * 4)..((d * 4) + 4)]),
    ];

    /// <summary>
    /// The IoU of each pair, the largest first; -1 for an object without a proposal, 0 if there is none.
    /// </summary>
    private static float[] Pair(float[] objects, float[] proposals, int number)
    {
        var rows = objects.Length / 4;
        var columns = Math.Min(proposals.Length / 4, number);
        var paired = new float[rows];
        if (rows == 0 || columns == 0)
        {
            return paired;
        }

        var pairing = new Pairing(objects, proposals, columns);
        for (var j = 0; j < rows; j++)
        {
            paired[j] = pairing.TakeBest();
        }

        return paired;
    }

    /// <summary>Overlaps (G, P) from which the largest is taken again and again.</summary>
    private sealed class Pairing
    {
        private readonly int _columns;
        private readonly float[] _overlaps;
        private readonly int[] _best;            // (G): the column of each row's largest overlap
        private readonly float[] _bestOverlap;   // (G)

        internal Pairing(float[] objects, float[] proposals, int columns)
        {
            _columns = columns;
            _best = new int[objects.Length / 4];
            _bestOverlap = new float[_best.Length];
            _overlaps = new float[_best.Length * columns];
            for (var g = 0; g < _best.Length; g++)
            {
                for (var p = 0; p < columns; p++)
                {
                    _overlaps[(g * columns) + p] =
                        BoxOverlap.IoU(objects.AsSpan(g * 4, 4), proposals.AsSpan(p * 4, 4));
                }

                FindBest(g);
            }
        }

        /// <summary>The largest overlap left; its object and its proposal are gone afterwards.</summary>
        internal float TakeBest()
        {
            var g = Array.IndexOf(_bestOverlap, _bestOverlap.Max());
            var overlap = _bestOverlap[g];
            var column = _best[g];
            _overlaps.AsSpan(g * _columns, _columns).Fill(-1);
            for (var row = 0; row < _best.Length; row++)
            {
                _overlaps[(row * _columns) + column] = -1;
                if (row == g || _best[row] == column)
                {
                    FindBest(row);
                }
            }

            return overlap;
        }

        private void FindBest(int g)
        {
            var row = _overlaps.AsSpan(g * _columns, _columns);
            var best = 0;
            for (var p = 1; p < row.Length; p++)
            {
                best = row[p] > row[best] ? p : best;
            }

            _best[g] = best;
            _bestOverlap[g] = row[best];
        }
    }
}
