using MMDetSharp.Core.Structures;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>A ground truth of a batch.</summary>
/// <param name="Image">Its image in the batch.</param>
/// <param name="Label">Its class.</param>
/// <param name="X">The centre's column, in pixels of the network's input, or in cells.</param>
/// <param name="Y">The centre's row.</param>
/// <param name="Width">The box's width.</param>
/// <param name="Height">The box's height.</param>
internal readonly record struct YoloObject(long Image, long Label, float X, float Y, float Width, float Height)
{
    /// <summary>The objects of a batch, in pixels; waits for the device once for each image.</summary>
    /// <exception cref="ArgumentException">The batch has no ground truth.</exception>
    internal static List<YoloObject> Of(Batch batch)
    {
        batch.RequireGroundTruth("YOLO targets");

        List<YoloObject> objects = [];
        for (var image = 0; image < batch.Count; image++)
        {
            var (boxes, labels) = (batch.GroundTruths[image].Boxes.ToArray(), batch.GroundTruths[image].Labels.ToInt64Array());
            for (var i = 0; i < labels.Length; i++)
            {
                objects.Add(FromXyxy(image, labels[i], boxes.AsSpan(4 * i, 4)));
            }
        }

        return objects;
    }

    /// <summary>The same object, measured in cells.</summary>
    internal YoloObject InCells(int stride) =>
        this with { X = X / stride, Y = Y / stride, Width = Width / stride, Height = Height / stride };

    /// <summary>The box as corners, seen from a point.</summary>
    internal float[] Xyxy(float left, float top) =>
    [
        X - left - (Width / 2), Y - top - (Height / 2), X - left + (Width / 2), Y - top + (Height / 2),
    ];

    private static YoloObject FromXyxy(long image, long label, ReadOnlySpan<float> box) =>
        new(image, label, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]);
}
