using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Gfl;

/// <summary>
/// The expectation of a distribution over the whole numbers 0 to n: Li et al., "Generalized Focal Loss", arXiv:2006.04388,
/// equation 5. Key: project, those numbers, as the reference's checkpoints have them.
/// </summary>
public sealed class Integral : Module
{
    /// <param name="maximum">n: the reference's <c>reg_max</c>.</param>
    public Integral(int maximum) => RegisterBuffer("project", Numbers(maximum, Device.Cpu));

    /// <summary>The expected distances of four sides.</summary>
    /// <param name="logits">(N, 4 (n + 1)).</param>
    /// <returns>(N, 4), 0 to n; it belongs to the caller.</returns>
    public static Tensor Expect(Tensor logits)
    {
        logits.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        using var scope = TensorScope.Begin();
        var distributions = logits.Reshape(logits.Size(0), 4, -1).Softmax(-1); // (N, 4, n + 1)
        return scope.Keep(distributions.MatMul(Numbers((int)distributions.Size(-1) - 1, logits.Device))); // (N, 4)
    }

    // (n + 1)
    private static Tensor Numbers(int maximum, Device device) => Tensor.Arange(0, maximum + 1, 1, ScalarType.Float32, device);
}
