using System.Runtime.Intrinsics;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>The boxes that NMS kept, stored so that eight at a time are compared with the next one.</summary>
/// <param name="threshold">A box overlaps another when their IoU is above it.</param>
/// <param name="offset">Added to widths and heights.</param>
internal sealed class KeptBoxes(double threshold, float offset)
{
    private static readonly int s_lanes = Vector256<float>.Count;

    private readonly Vector256<float> _threshold = Vector256.Create(RoundDown(threshold));
    private readonly Vector256<float> _offset = Vector256.Create(offset);
    private float[] _x1 = [];
    private float[] _y1 = [];
    private float[] _x2 = [];
    private float[] _y2 = [];
    private float[] _areas = [];
    private int _count;

    /// <summary>Keeps a box unless it overlaps one that was kept.</summary>
    /// <param name="box">(x1, y1, x2, y2).</param>
    /// <returns>Whether it was kept.</returns>
    internal bool TryAdd(ReadOnlySpan<float> box)
    {
        var area = (box[2] - box[0] + offset) * (box[3] - box[1] + offset);
        if (Overlaps(box, area))
        {
            return false;
        }

        if (_count == _x1.Length)
        {
            Grow();
        }

        (_x1[_count], _y1[_count], _x2[_count], _y2[_count]) = (box[0], box[1], box[2], box[3]);
        _areas[_count++] = area;
        return true;
    }

    // As the reference: intersection / (area of the kept + area of the new - intersection), in float32.
    private bool Overlaps(ReadOnlySpan<float> box, float area)
    {
        var (x1, y1) = (Vector256.Create(box[0]), Vector256.Create(box[1]));
        var (x2, y2) = (Vector256.Create(box[2]), Vector256.Create(box[3]));
        var areas = Vector256.Create(area);
        for (var i = 0; i < _count; i += s_lanes)
        {
            var width = Vector256.Min(Load(_x2, i), x2) - Vector256.Max(Load(_x1, i), x1) + _offset;
            var height = Vector256.Min(Load(_y2, i), y2) - Vector256.Max(Load(_y1, i), y1) + _offset;
            var intersection = Vector256.Max(width, Vector256<float>.Zero)
                * Vector256.Max(height, Vector256<float>.Zero);
            var overlap = intersection / (Load(_areas, i) + areas - intersection);
            if (Vector256.GreaterThanAny(overlap, _threshold))
            {
                return true;
            }
        }

        return false;
    }

    private static Vector256<float> Load(float[] values, int i) => Vector256.Create(values.AsSpan(i));

    // The places behind the last box are NaN: they overlap nothing.
    private void Grow()
    {
        var capacity = Math.Max(s_lanes, _x1.Length * 2);
        (_x1, _y1, _x2, _y2) = (Larger(_x1), Larger(_y1), Larger(_x2), Larger(_y2));
        _areas = Larger(_areas);

        float[] Larger(float[] column)
        {
            var larger = new float[capacity];
            column.CopyTo(larger, 0);
            larger.AsSpan(column.Length).Fill(float.NaN);
            return larger;
        }
    }

    // The reference compares floats with a double: above it are the floats above its next float below.
    private static float RoundDown(double threshold)
    {
        var rounded = (float)threshold;
        return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
    }
}
