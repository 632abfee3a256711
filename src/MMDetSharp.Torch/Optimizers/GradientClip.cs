using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>Shrinks all gradients together when they are too long: Pascanu et al., arXiv:1211.5063.</summary>
public static class GradientClip
{
    /// <summary>Scales the gradients so that their common norm is at most a limit.</summary>
    /// <param name="parameters">Those without a gradient do not count.</param>
    /// <param name="maxNorm">The limit, above 0.</param>
    /// <param name="normType">p of the p-norm; infinity for the largest magnitude.</param>
    /// <returns>The norm before; 0 when there is no gradient. Waits for the device.</returns>
    public static double ByNorm(IEnumerable<StateEntry> parameters, double maxNorm, double normType = 2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var gradients = Gradients(parameters);
        if (gradients.Length == 0)
        {
            return 0;
        }

        var norms = Tensor.Stack(0, [.. gradients.Select(gradient => gradient.Norm(normType))]);
        var total = norms.Norm(normType).Item();
        var factor = maxNorm / (total + 1e-6);
        if (factor < 1)
        {
            foreach (var gradient in gradients)
            {
                gradient.MulInPlace(factor);
            }
        }

        return total;
    }

    /// <summary>Limits each element of the gradients to [-limit, limit].</summary>
    public static void ByValue(IEnumerable<StateEntry> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        foreach (var gradient in Gradients(parameters))
        {
            gradient.ClampInPlace(-limit, limit);
        }
    }

    private static Tensor[] Gradients(IEnumerable<StateEntry> parameters) =>
        [.. parameters.Select(entry => entry.Tensor.Grad).OfType<Tensor>()];
}
