namespace MMDetSharp.Engine.Evaluation;

/// <summary>IoU in single precision, as the reference's VOC protocol and proposal recall compute it.</summary>
internal static class BoxOverlap
{
    private const float Least = 1e-6f;       // of a union: two points are no division by zero

    /// <param name="a">xyxy.</param>
    /// <param name="b">xyxy.</param>
    internal static float IoU(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var width = Math.Max(Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]), 0f);
        var height = Math.Max(Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]), 0f);
        var overlap = width * height;
        var union = Area(a) + Area(b) - overlap;
        return overlap / Math.Max(union, Least);
    }

    internal static float Area(ReadOnlySpan<float> box) => (box[2] - box[0]) * (box[3] - box[1]);
}
