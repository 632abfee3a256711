using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The objects and detections of one class on one image.</summary>
internal sealed class VocImage
{
    private readonly float[] _boxes;

    private VocImage(float[] objects, float[] ignored, float[] boxes, float[] scores)
    {
        Boxes = boxes;
        Scores = scores;
        _boxes = [.. objects, .. ignored];
        Wanted = objects.Length / 4;
        Objects = _boxes.Length / 4;
    }

    /// <summary>(D, 4) xyxy of the class's detections.</summary>
    internal float[] Boxes { get; }

    /// <summary>(D) scores of the class's detections.</summary>
    internal float[] Scores { get; }

    /// <summary>How many objects, the ignored ones last.</summary>
    internal int Objects { get; }

    /// <summary>How many objects are not ignored.</summary>
    internal int Wanted { get; }

    internal ReadOnlySpan<float> Object(int g) => _boxes.AsSpan(g * 4, 4);

    internal ReadOnlySpan<float> Detection(int d) => Boxes.AsSpan(d * 4, 4);

    internal static VocImage Of(DatasetItem item, ImageDetections found, int k) => new(
        Pick(item.Boxes, item.Labels, k),
        Pick(item.IgnoredBoxes, item.IgnoredLabels, k),
        Pick(found.Boxes, found.Labels, k),
        [.. found.Scores.Where((_, d) => found.Labels[d] == k)]);

    /// <summary>The objects to find of some size.</summary>
    internal int CountObjects(ScaleRange? scale)
    {
        var count = 0;
        for (var g = 0; g < Wanted; g++)
        {
            count += scale is null || scale.Value.Holds(BoxOverlap.Area(Object(g))) ? 1 : 0;
        }

        return count;
    }

    private static float[] Pick(float[] boxes, long[] labels, int k)
    {
        var picked = new List<float>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == k)
            {
                picked.AddRange(boxes.AsSpan(i * 4, 4));
            }
        }

        return [.. picked];
    }
}
