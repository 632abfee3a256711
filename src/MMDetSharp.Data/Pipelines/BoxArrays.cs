using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Arithmetic on boxes in flat arrays, (N, 4) xyxy, in float32 as the reference's.</summary>
internal static class BoxArrays
{
    /// <summary>Each coordinate times its factor (w, h, w, h).</summary>
    internal static float[] Scale(float[] boxes, float[] factor)
    {
        var scaled = new float[boxes.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            scaled[i] = boxes[i] * factor[i % 4];
        }

        return scaled;
    }

    /// <summary>Each coordinate plus (x, y).</summary>
    internal static float[] Shift(float[] boxes, float x, float y)
    {
        var shifted = new float[boxes.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            shifted[i] = boxes[i] + (i % 2 == 0 ? x : y);
        }

        return shifted;
    }

    /// <summary>Each coordinate within [0, width] or [0, height].</summary>
    internal static float[] Clip(float[] boxes, ImageShape shape)
    {
        var clipped = new float[boxes.Length];
        for (var i = 0; i < boxes.Length; i++)
        {
            clipped[i] = Math.Clamp(boxes[i], 0f, i % 2 == 0 ? shape.Width : shape.Height);
        }

        return clipped;
    }

    /// <summary>Mirrors boxes with the image they lie in.</summary>
    internal static float[] Flip(float[] boxes, ImageShape shape, FlipDirection direction)
    {
        var flipped = (float[])boxes.Clone();
        for (var i = 0; i < boxes.Length; i += 4)
        {
            if (direction is FlipDirection.Horizontal or FlipDirection.Diagonal)
            {
                flipped[i] = shape.Width - boxes[i + 2];
                flipped[i + 2] = shape.Width - boxes[i];
            }

            if (direction is FlipDirection.Vertical or FlipDirection.Diagonal)
            {
                flipped[i + 1] = shape.Height - boxes[i + 3];
                flipped[i + 3] = shape.Height - boxes[i + 1];
            }
        }

        return flipped;
    }

    /// <summary>(N): which boxes have an area.</summary>
    internal static bool[] HaveArea(float[] boxes)
    {
        var keep = new bool[boxes.Length / 4];
        for (var i = 0; i < keep.Length; i++)
        {
            keep[i] = boxes[(4 * i) + 2] > boxes[4 * i] && boxes[(4 * i) + 3] > boxes[(4 * i) + 1];
        }

        return keep;
    }

    /// <summary>(N): which boxes have their centre inside a patch.</summary>
    internal static bool[] HaveCentreIn(float[] boxes, PixelPatch patch)
    {
        var keep = new bool[boxes.Length / 4];
        for (var i = 0; i < keep.Length; i++)
        {
            var x = (boxes[4 * i] + boxes[(4 * i) + 2]) / 2;
            var y = (boxes[(4 * i) + 1] + boxes[(4 * i) + 3]) / 2;
            keep[i] = x > patch.Left && y > patch.Top && x < patch.Right && y < patch.Bottom;
        }

        return keep;
    }

    /// <summary>The smallest overlap (intersection over union) of a patch with any box; null without boxes.</summary>
    internal static float? SmallestOverlap(float[] boxes, PixelPatch patch)
    {
        float? smallest = null;
        for (var i = 0; i < boxes.Length; i += 4)
        {
            var width = Math.Min(boxes[i + 2], patch.Right) - Math.Max(boxes[i], patch.Left);
            var height = Math.Min(boxes[i + 3], patch.Bottom) - Math.Max(boxes[i + 1], patch.Top);
            var overlap = Math.Max(width, 0) * Math.Max(height, 0);
            var area = (boxes[i + 2] - boxes[i]) * (boxes[i + 3] - boxes[i + 1]);
            var value = overlap / Math.Max(((float)patch.Width * patch.Height) + area - overlap, 1e-6f);
            smallest = Math.Min(smallest ?? value, value);
        }

        return smallest;
    }

    /// <summary>(N): which boxes have a part on an image.</summary>
    internal static bool[] AreOn(float[] boxes, ImageShape shape)
    {
        var keep = new bool[boxes.Length / 4];
        for (var i = 0; i < keep.Length; i++)
        {
            keep[i] = boxes[4 * i] < shape.Width && boxes[(4 * i) + 2] > 0
                && boxes[(4 * i) + 1] < shape.Height && boxes[(4 * i) + 3] > 0;
        }

        return keep;
    }

    /// <summary>(N): which boxes have both sides longer than a length.</summary>
    internal static bool[] AreLonger(float[] boxes, double side)
    {
        var keep = new bool[boxes.Length / 4];
        for (var i = 0; i < keep.Length; i++)
        {
            var (width, height) = Size(boxes, i);
            keep[i] = width > side && height > side;
        }

        return keep;
    }

    /// <summary>Width and height of one box.</summary>
    internal static (float Width, float Height) Size(float[] boxes, int row) =>
        (boxes[(4 * row) + 2] - boxes[4 * row], boxes[(4 * row) + 3] - boxes[(4 * row) + 1]);

    /// <summary>The rows of (N, width) values whose <paramref name="keep"/> is true.</summary>
    internal static T[] Select<T>(T[] values, bool[] keep, int width = 1) =>
        [.. values.Where((_, i) => keep[i / width])];
}
