using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Smooth L1 of upper bounds of the IoU, one per side: Tychsen-Smith and Petersson, "Improving Object Localization with
/// Fitness NMS and Bounded IoU Loss", arXiv:1711.00164, equations 14-16.
/// </summary>
/// <param name="beta">Where the linear part begins.</param>
/// <param name="epsilon">Added to denominators.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class BoundedIoULoss(
    double beta = 0.2, double epsilon = 1e-3, WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, 4) xyxy.</param>
    /// <param name="target">(N, 4) xyxy.</param>
    /// <param name="weight">(N, 4).</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        prediction.RequireShape([ShapeGuard.Any, 4]);
        expected.RequireShape([prediction.Size(0), 4], "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.Apply(Losses(prediction.Unbind(-1), expected.Unbind(-1)), weight, averageFactor));
    }

    /// <summary>Reads <c>BoundedIoULoss</c>.</summary>
    internal static BoundedIoULoss FromConfig(ConfigReader reader) =>
        new(reader.Positive("beta", 0.2), reader.Positive("eps", 1e-3), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) =>
        new BoundedIoULoss(beta, epsilon, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor[] prediction, Tensor[] target)
    {
        var (px, py, pw, ph) = CenterSize(prediction);
        var (tx, ty, tw, th) = CenterSize(target);
        var bounds = Tensor.Stack(
            -1, Position(tx - px, tw), Position(ty - py, th), Size(pw, tw), Size(ph, th)); // (N, 4)
        return Tensor.Where(bounds.Lt(beta), bounds * bounds * 0.5 / beta, bounds - (0.5 * beta));
    }

    // (15): one minus the IoU of two intervals of the target's length, a shift apart.
    private Tensor Position(Tensor shift, Tensor length)
    {
        var twice = shift.Abs() * 2;
        return 1 - ((length - twice) / (length + twice + epsilon)).Clamp(min: 0);
    }

    // (16): one minus the IoU of two intervals with one centre.
    private Tensor Size(Tensor predicted, Tensor length) =>
        1 - (length / (predicted + epsilon)).Minimum(predicted / (length + epsilon));

    private static (Tensor X, Tensor Y, Tensor Width, Tensor Height) CenterSize(Tensor[] xyxy) =>
        ((xyxy[0] + xyxy[2]) * 0.5, (xyxy[1] + xyxy[3]) * 0.5, xyxy[2] - xyxy[0], xyxy[3] - xyxy[1]);
}
