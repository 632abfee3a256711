using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// Shifts of the centre in widths and heights, and logarithms of the change of size: Girshick et al., "Rich feature
/// hierarchies", arXiv:1311.2524, appendix C, equations 1-4 (decode) and 6-9 (encode); then minus means, by deviations.
/// </summary>
public sealed class DeltaXYWHBBoxCoder : IBBoxCoder
{
    private const double UsualClip = 16.0 / 1000;

    private static readonly float[] s_noMeans = [0, 0, 0, 0];
    private static readonly float[] s_unitStds = [1, 1, 1, 1];

    private readonly float[] _means;
    private readonly float[] _stds;
    private readonly double _maxRatio;

    /// <param name="means">(dx, dy, dw, dh) subtracted from the targets; null: 0.</param>
    /// <param name="stds">(dx, dy, dw, dh) by which the targets are divided; null: 1.</param>
    /// <param name="wideHighRatioClip">Width and height change at most by this factor, up or down.</param>
    /// <exception cref="ArgumentException">There are not four means or deviations, or a deviation is not positive.</exception>
    public DeltaXYWHBBoxCoder(float[]? means = null, float[]? stds = null, double wideHighRatioClip = UsualClip)
    {
        (_means, _stds) = (means ?? s_noMeans, stds ?? s_unitStds);
        Check(_means, _stds);
        _maxRatio = Math.Abs(Math.Log(wideHighRatioClip));
    }

    /// <summary>Reads <c>DeltaXYWHBBoxCoder</c>.</summary>
    internal static DeltaXYWHBBoxCoder FromConfig(ConfigReader reader) => FromConfig(reader, UsualClip);

    /// <summary>Reads <c>DeltaXYWHBBoxCoder</c> for a part that lets width and height change by another factor.</summary>
    internal static DeltaXYWHBBoxCoder FromConfig(ConfigReader reader, double wideHighRatioClip)
    {
        var (means, stds) = (ReadFloats(reader, "target_means"), ReadFloats(reader, "target_stds"));
        Check(means ?? s_noMeans, stds ?? s_unitStds, reader.Error);
        return new(means, stds, wideHighRatioClip);
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor boxes, Tensor targets)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        targets.RequireShape([boxes.Size(0), 4], "Pick one target per box first: targets[assigned].");
        using var scope = TensorScope.Begin();
        var (px, py, pw, ph) = CenterSize.Of(boxes);
        var (gx, gy, gw, gh) = CenterSize.Of(targets);
        var deltas = Tensor.Stack(
            -1,
            (gx - px) / pw, // (6)
            (gy - py) / ph, // (7)
            (gw / pw).Log(), // (8)
            (gh / ph).Log()); // (9), (N, 4)
        return scope.Keep((deltas - Row(_means, boxes)) / Row(_stds, boxes));
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor boxes, Tensor predictions, ImageShape? maxShape = null)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        predictions.RequireShape([boxes.Size(0), ShapeGuard.Any], "Give one prediction per box.");
        using var scope = TensorScope.Begin();
        var deltas = predictions.Reshape(boxes.Size(0), predictions.Size(1) / 4, 4) * Row(_stds, boxes) + Row(_means, boxes); // (N, K, 4)
        var (dx, dy, dw, dh) = Four(deltas.Unbind(-1)); // (N, K) each
        var (px, py, pw, ph) = CenterSize.Of(boxes.Unsqueeze(1)); // (N, 1) each
        var (gx, gy) = (px + (pw * dx), py + (ph * dy)); // (1), (2)
        var gw = pw * dw.Clamp(-_maxRatio, _maxRatio).Exp(); // (3)
        var gh = ph * dh.Clamp(-_maxRatio, _maxRatio).Exp(); // (4)
        var (halfWidth, halfHeight) = (gw * 0.5, gh * 0.5);
        var decoded = Tensor.Stack(
            -1,
            Clip(gx - halfWidth, maxShape?.Width),
            Clip(gy - halfHeight, maxShape?.Height),
            Clip(gx + halfWidth, maxShape?.Width),
            Clip(gy + halfHeight, maxShape?.Height)); // (N, K, 4)
        return scope.Keep(decoded.Reshape(predictions.Shape));
    }

    private static Tensor Clip(Tensor coordinate, int? end) => end is { } max ? coordinate.Clamp(0, max) : coordinate;

    private static (Tensor X, Tensor Y, Tensor Width, Tensor Height) Four(Tensor[] parts) =>
        (parts[0], parts[1], parts[2], parts[3]);

    private static float[]? ReadFloats(ConfigReader reader, string key) =>
        reader.FloatsOrNull(key) is { } values ? Array.ConvertAll(values, value => (float)value) : null;

    private static Tensor Row(float[] values, Tensor like) => Tensor.From(values, 4).To(like.Device);

    private static void Check(float[] means, float[] stds, Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("DeltaXYWHBBoxCoder", error);
        check.Require(means.Length == 4, "target_means", "must have 4 numbers, for dx, dy, dw and dh", means.Length);
        check.Require(stds.Length == 4, "target_stds", "must have 4 numbers, for dx, dy, dw and dh", stds.Length);
        check.RequirePositive("target_stds", stds);
    }
}
