using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// The centre at most half a cell outside its own, width and height up to four anchors: YOLOv5's <c>Detect</c> layer
/// (no paper; github.com/ultralytics/yolov5, models/yolo.py, from v3.0 on). The reference's <c>YOLOV5BBoxCoder</c>.
/// </summary>
/// <remarks>
/// As the reference: it only decodes as YOLOv5 does; its targets are those of <see cref="YoloBBoxCoder"/>, so that a
/// network learns with one meaning and predicts with another. Train with YOLOv5's own loss instead.
/// </remarks>
/// <param name="epsilon">As of <see cref="YoloBBoxCoder"/>.</param>
public sealed class YoloV5BBoxCoder(double epsilon = 1e-6) : IYoloBBoxCoder
{
    private readonly YoloBBoxCoder _targets = new(epsilon: epsilon);

    /// <summary>Reads <c>YOLOV5BBoxCoder</c>.</summary>
    internal static YoloV5BBoxCoder FromConfig(ConfigReader reader) => new(reader.Positive("eps", 1e-6));

    /// <inheritdoc/>
    public Tensor Encode(Tensor anchors, Tensor targets, Tensor strides) => _targets.Encode(anchors, targets, strides);

    /// <inheritdoc/>
    public Tensor Decode(Tensor anchors, Tensor predictions, int stride)
    {
        anchors.RequireShape([ShapeGuard.Any, 4]);
        predictions.RequireShape([anchors.Size(0), 4], "Give one prediction per anchor.");
        using var scope = TensorScope.Begin();
        var (anchor, predicted) = (CenterSize.Of(anchors), predictions.Unbind(-1));
        return scope.Keep(new CenterSize(
            anchor.X + ((predicted[0] - 0.5) * 2 * stride), // 2 s(t) - 0.5 from the cell's corner
            anchor.Y + ((predicted[1] - 0.5) * 2 * stride),
            anchor.Width * (predicted[2].Sigmoid() * 2).Pow(2), // (2 s(t))^2
            anchor.Height * (predicted[3].Sigmoid() * 2).Pow(2)).ToXyxy()); // (N, 4)
    }
}
