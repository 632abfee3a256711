namespace MMDetSharp.Models.PostProcessing;

/// <summary>
/// Soft non-maximum suppression: Bodla et al., "Soft-NMS", arXiv:1704.04503, figure 2. A box that overlaps a better one
/// loses score instead of being suppressed.
/// </summary>
/// <remarks>Equal scores are taken in the reference's order, which its swapping of rows decides.</remarks>
internal sealed class SoftNms
{
    private readonly NmsOptions _options;
    private readonly float[] _boxes;
    private readonly float[] _scores;
    private readonly int[] _rows;
    private int _count;

    private SoftNms(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, NmsOptions options)
    {
        _options = options;
        _boxes = boxes.ToArray();
        _scores = scores.ToArray();
        _rows = [.. Enumerable.Range(0, scores.Length)];
        _count = scores.Length;
    }

    /// <summary>Keeps the best box, decays the scores of those that overlap it, and so on.</summary>
    /// <param name="boxes">(N, 4) xyxy, row-major.</param>
    /// <param name="scores">(N).</param>
    /// <param name="options">Method, threshold, sigma, least score.</param>
    /// <returns>Rows in the order in which they were taken, and their scores then.</returns>
    internal static (int[] Rows, float[] Scores) Select(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, NmsOptions options)
    {
        var state = new SoftNms(boxes, scores, options);
        for (var i = 0; i < state._count; i++)
        {
            state.Swap(i, state.Best(i));
            state.Decay(i);
        }

        return (state._rows[..state._count], state._scores[..state._count]);
    }

    private int Best(int from)
    {
        var best = from;
        for (var i = from + 1; i < _count; i++)
        {
            best = _scores[i] > _scores[best] ? i : best;
        }

        return best;
    }

    // Lowers the scores behind a place; a row that falls below the least score gives its place to the last one.
    private void Decay(int taken)
    {
        var i = taken + 1;
        while (i < _count)
        {
            _scores[i] *= Weight(Overlap(taken, i));
            if (_scores[i] < (float)_options.MinScore)
            {
                Swap(i, --_count);
            }
            else
            {
                i++;
            }
        }
    }

    private float Weight(float overlap) => _options.Method switch
    {
        NmsMethod.SoftGaussian => MathF.Exp(-(overlap * overlap) / (float)_options.Sigma),
        _ when !(overlap >= (float)_options.IoUThreshold) => 1,
        NmsMethod.SoftLinear => 1 - overlap,
        _ => 0,
    };

    private float Overlap(int first, int second)
    {
        var a = _boxes.AsSpan(first * 4, 4);
        var b = _boxes.AsSpan(second * 4, 4);
        var width = MathF.Max(0, MathF.Min(a[2], b[2]) - MathF.Max(a[0], b[0]) + _options.Offset);
        var height = MathF.Max(0, MathF.Min(a[3], b[3]) - MathF.Max(a[1], b[1]) + _options.Offset);
        var intersection = width * height;
        return intersection / (Area(a) + Area(b) - intersection);
    }

    private float Area(ReadOnlySpan<float> box) =>
        (box[2] - box[0] + _options.Offset) * (box[3] - box[1] + _options.Offset);

    private void Swap(int first, int second)
    {
        (_scores[first], _scores[second]) = (_scores[second], _scores[first]);
        (_rows[first], _rows[second]) = (_rows[second], _rows[first]);
        for (var k = 0; k < 4; k++)
        {
            ref var other = ref _boxes[(second * 4) + k];
            (_boxes[(first * 4) + k], other) = (other, _boxes[(first * 4) + k]);
        }
    }
}
