using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// The centre inside its cell, and logarithms of width and height in anchors: Redmon and Farhadi, "YOLO9000",
/// arXiv:1612.08242, section 2; "YOLOv3", arXiv:1804.02767, figure 2. The reference's <c>YOLOBBoxCoder</c>.
/// </summary>
/// <remarks>
/// Anchors stand on the centre of their cell (the reference's choice), where the papers measure from its corner: so
/// b_x = sigmoid(t_x) + c_x becomes sigmoid(t_x) - 0.5 cells from the anchor's centre. Both are the same place.
/// </remarks>
/// <param name="scaleXY">
/// How far a centre may leave its cell, s: sigmoid(t) s - (s - 1) / 2; Bochkovskiy et al., "YOLOv4", arXiv:2004.10934,
/// section 3.3 ("eliminate grid sensitivity").
/// </param>
/// <param name="epsilon">How far from 0 and 1 the targets of a centre stay; the least ratio of sizes.</param>
public sealed class YoloBBoxCoder(double scaleXY = 1, double epsilon = 1e-6) : IYoloBBoxCoder
{
    /// <summary>Reads <c>YOLOBBoxCoder</c>.</summary>
    internal static YoloBBoxCoder FromConfig(ConfigReader reader) =>
        new(reader.Positive("scale_x_y", 1.0), reader.Positive("eps", 1e-6));

    /// <inheritdoc/>
    /// <remarks>As the reference: the target of a centre does not know of <c>scaleXY</c>.</remarks>
    public Tensor Encode(Tensor anchors, Tensor targets, Tensor strides)
    {
        anchors.RequireShape([ShapeGuard.Any, 4]);
        targets.RequireShape([anchors.Size(0), 4], "Pick one target per anchor first: targets[assigned].");
        using var scope = TensorScope.Begin();
        var (anchor, target) = (CenterSize.Of(anchors), CenterSize.Of(targets));
        return scope.Keep(Tensor.Stack(
            -1,
            ((target.X - anchor.X) / strides + 0.5).Clamp(epsilon, 1 - epsilon), // b_x - c_x
            ((target.Y - anchor.Y) / strides + 0.5).Clamp(epsilon, 1 - epsilon), // b_y - c_y
            (target.Width / anchor.Width).Clamp(min: epsilon).Log(), // t_w
            (target.Height / anchor.Height).Clamp(min: epsilon).Log())); // t_h, (N, 4)
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor anchors, Tensor predictions, int stride)
    {
        anchors.RequireShape([ShapeGuard.Any, 4]);
        predictions.RequireShape([anchors.Size(0), 4], "Give one prediction per anchor.");
        using var scope = TensorScope.Begin();
        var (anchor, predicted) = (CenterSize.Of(anchors), predictions.Unbind(-1));
        return scope.Keep(new CenterSize(
            anchor.X + (Shift(predicted[0]) * stride),
            anchor.Y + (Shift(predicted[1]) * stride),
            anchor.Width * predicted[2].Exp(), // p_w e^t_w
            anchor.Height * predicted[3].Exp()).ToXyxy()); // p_h e^t_h, (N, 4)
    }

    // From the cell's centre, in cells.
    private Tensor Shift(Tensor sigmoid) => (sigmoid * scaleXY) - (0.5 * (scaleXY - 1)) - 0.5;
}
