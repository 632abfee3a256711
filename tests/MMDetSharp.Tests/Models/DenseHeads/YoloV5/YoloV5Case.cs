using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.YoloV5;

/// <summary>A network's output of two images of 64 x 64 on three levels, by a formula, and five objects.</summary>
internal static class YoloV5Case
{
    internal static YoloLevel[] Levels { get; } =
    [
        new() { Anchors = [(10, 13), (16, 30), (33, 23)], Stride = 8 },
        new() { Anchors = [(30, 61), (62, 45), (59, 119)], Stride = 16 },
        new() { Anchors = [(116, 90), (156, 198), (373, 326)], Stride = 32 },
    ];

    // Element i of level l is 1.5 sin(0.37 i + l), in the order of memory.
    internal static Tensor[] Maps(int classes, int images = 2)
    {
        return [.. Levels.Select((level, l) => Map(l, images, 3 * (5 + classes), 64 / level.Stride))];
    }

    internal static Batch Batch(bool isEmpty = false)
    {
        var first = isEmpty ? Truth([], []) : Truth([4, 6, 20, 30, 10, 8, 52, 60], [0, 2]);
        var second = isEmpty
            ? Truth([], [])
            : Truth([30, 30, 62, 50, 33, 1, 47, 15, 0, 0, 64, 64], [1, 0, 2]);
        return new Batch(Tensor.Zeros([2, 3, 64, 64]), [Info(), Info()], [first, second]);
    }

    internal static GroundTruth Truth(float[] boxes, long[] labels) => new(
        Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));

    internal static ImageInfo Info() => new()
    {
        FileName = "a.jpg",
        OriginalShape = new(64, 64),
        ImageShape = new(64, 64),
        PadShape = new(64, 64),
    };

    private static Tensor Map(int level, int images, int channels, int side)
    {
        var values = Enumerable.Range(0, images * channels * side * side)
            .Select(i => (float)(1.5 * Math.Sin((0.37 * i) + level)));
        var map = Tensor.From(values.ToArray(), images, channels, side, side);
        map.RequiresGrad = true;
        return map;
    }
}
