using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>Moves boxes between the original image and a scaled, mirrored view of it.</summary>
public static class BoxMapping
{
    /// <summary>From the original image to the view.</summary>
    /// <param name="boxes">(N, 4) xyxy in pixels of the original.</param>
    /// <param name="info">What happened to the image.</param>
    /// <returns>(N, 4) xyxy in pixels of the view; it belongs to the caller.</returns>
    public static Tensor ToView(Tensor boxes, ImageInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        using var scope = TensorScope.Begin();
        return scope.Keep(Flip(boxes * Scale(info, boxes), info.ImageShape, info.FlipDirection));
    }

    /// <summary>From the view to the original image.</summary>
    /// <param name="boxes">(N, 4) xyxy in pixels of the view.</param>
    /// <param name="info">What happened to the image.</param>
    /// <returns>(N, 4) xyxy in pixels of the original; it belongs to the caller.</returns>
    public static Tensor ToOriginal(Tensor boxes, ImageInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        using var scope = TensorScope.Begin();
        return scope.Keep(Flip(boxes, info.ImageShape, info.FlipDirection) / Scale(info, boxes));
    }

    /// <summary>Mirrors boxes inside an image.</summary>
    /// <param name="boxes">(N, 4) xyxy.</param>
    /// <param name="shape">Height and width of the image.</param>
    /// <param name="direction">How it is mirrored.</param>
    /// <returns>(N, 4) xyxy; it belongs to the caller unless nothing is mirrored.</returns>
    public static Tensor Flip(Tensor boxes, ImageShape shape, FlipDirection direction)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        if (direction == FlipDirection.None)
        {
            return boxes;
        }

        using var scope = TensorScope.Begin();
        var xyxy = boxes.Unbind(-1);
        if (direction is FlipDirection.Horizontal or FlipDirection.Diagonal)
        {
            (xyxy[0], xyxy[2]) = ((double)shape.Width - xyxy[2], (double)shape.Width - xyxy[0]);
        }

        if (direction is FlipDirection.Vertical or FlipDirection.Diagonal)
        {
            (xyxy[1], xyxy[3]) = ((double)shape.Height - xyxy[3], (double)shape.Height - xyxy[1]);
        }

        return scope.Keep(Tensor.Stack(-1, xyxy));
    }

    /// <summary>
    /// From the view to the original image, where a letterbox may have put pixels on its left and above; not mirrored.
    /// </summary>
    /// <param name="boxes">(N, 4) xyxy in pixels of the view.</param>
    /// <param name="info">What happened to the image.</param>
    /// <returns>(N, 4) xyxy in pixels of the original; it belongs to the caller.</returns>
    public static Tensor OutOfLetterbox(Tensor boxes, ImageInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        using var scope = TensorScope.Begin();
        var inside = info.PadParameters is [var top, _, var left, _]
            ? boxes - Tensor.From([left, top, left, top], 4).To(boxes.Device)
            : boxes;
        return scope.Keep(inside / Scale(info, boxes));
    }

    /// <summary>Cuts boxes off at the edges.</summary>
    /// <param name="boxes">(N, 4) xyxy.</param>
    /// <param name="shape">Height and width of the image.</param>
    /// <param name="border">Where they end.</param>
    /// <returns>(N, 4) xyxy; it belongs to the caller unless nothing is cut off.</returns>
    public static Tensor Clip(Tensor boxes, ImageShape shape, BoxBorder border = BoxBorder.Edge)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        if (border == BoxBorder.None)
        {
            return boxes;
        }

        using var scope = TensorScope.Begin();
        var (width, height) = border == BoxBorder.Edge ? (shape.Width, shape.Height) : (shape.Width - 1, shape.Height - 1);
        var end = Tensor.From([width, height, width, height], 4).To(boxes.Type).To(boxes.Device);
        return scope.Keep(boxes.Clamp(min: 0).Minimum(end));
    }

    /// <summary>The view's scale as a row for boxes: (w, h, w, h).</summary>
    internal static Tensor Scale(ImageInfo info, Tensor like) => Tensor.From(info.ScaleFactor, 4).To(like.Device);
}
