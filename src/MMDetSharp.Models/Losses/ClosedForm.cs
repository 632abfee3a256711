using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>Joins a loss and its gradient, both computed outside the recorded graph, so that a backward pass finds it.</summary>
/// <remarks>
/// A loss recorded step by step keeps every step's tensors until the backward pass. With the gradient in closed form
/// only one tensor is kept: the value plus (x g - x g), whose second part is exactly 0 and whose derivative by x is g.
/// </remarks>
internal static class ClosedForm
{
    /// <summary>A scalar loss with a gradient in closed form.</summary>
    /// <param name="value">The loss, a scalar without a graph.</param>
    /// <param name="prediction">x, finite.</param>
    /// <param name="gradient">Of the loss by x; the same shape.</param>
    internal static Tensor Scalar(Tensor value, Tensor prediction, Tensor gradient)
    {
        if (!prediction.RequiresGrad)
        {
            return value;
        }

        using var scope = TensorScope.Begin();
        var product = prediction.Flatten().Dot(gradient.Flatten());
        return scope.Keep(value + (product - product.Detach()));
    }

    /// <summary>One loss per element, with gradients in closed form.</summary>
    /// <param name="values">The losses, without a graph.</param>
    /// <param name="prediction">x, finite, of the same shape.</param>
    /// <param name="gradient">Of each loss by its x.</param>
    internal static Tensor Elements(Tensor values, Tensor prediction, Tensor gradient)
    {
        if (!prediction.RequiresGrad)
        {
            return values;
        }

        using var scope = TensorScope.Begin();
        var product = prediction * gradient;
        return scope.Keep(values + (product - product.Detach()));
    }
}
