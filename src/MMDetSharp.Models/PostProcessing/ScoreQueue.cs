namespace MMDetSharp.Models.PostProcessing;

/// <summary>Hands out indices by falling score, equal ones by rising index; only as many as are asked for get sorted.</summary>
internal sealed class ScoreQueue
{
    // A binary heap; the upper half of a key orders by score, the lower half is the index.
    private readonly ulong[] _heap;

    internal ScoreQueue(ReadOnlySpan<float> scores)
    {
        _heap = new ulong[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            _heap[i] = ((ulong)Descending(scores[i]) << 32) | (uint)i;
        }

        Count = _heap.Length;
        for (var i = (Count / 2) - 1; i >= 0; i--)
        {
            SiftDown(i);
        }
    }

    /// <summary>How many indices are left.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes the index of the best score left.</summary>
    internal int Pop()
    {
        var top = (int)(uint)_heap[0];
        _heap[0] = _heap[--Count];
        SiftDown(0);
        return top;
    }

    // The bits of a float as an integer that falls as the float rises. -0 and 0 are equal.
    private static uint Descending(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score == 0 ? 0 : score);
        return (bits & 0x80000000) == 0 ? ~(bits | 0x80000000) : bits;
    }

    private void SiftDown(int i)
    {
        var key = _heap[i];
        while ((2 * i) + 1 < Count)
        {
            var child = (2 * i) + 1;
            if (child + 1 < Count && _heap[child + 1] < _heap[child])
            {
                child++;
            }

            if (key <= _heap[child])
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = key;
    }
}
