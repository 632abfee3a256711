using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>A convolution and the norm behind it, as one step where that is cheaper.</summary>
/// <remarks>
/// Batch normalisation with fixed statistics is linear: s (W x) + t with s = gamma / sqrt(variance + epsilon) and
/// t = beta - mean s. Scaling the kernel, (s W) x + t, gives the same values and gradients, spares two passes over the
/// map and the memory that the backward pass would keep of it. Only while gradients are recorded: a traced graph is
/// folded by its optimiser.
/// </remarks>
internal static class ConvNorm
{
    /// <summary>The convolution, then the norm.</summary>
    internal static Tensor Forward(Layer conv, Layer norm, Tensor input)
    {
        using var scope = TensorScope.Begin();
        var result = norm is BatchNorm2d { Training: false } fixedNorm && conv is Conv2d { Bias: null } plain && Pays(plain, input)
            ? Folded(plain, fixedNorm, input)
            : norm.Call(conv.Call(input));
        return scope.Keep(result);
    }

    /// <summary>The convolution, the norm, then max(x, 0), in place while gradients are recorded.</summary>
    internal static Tensor ForwardRelu(Layer conv, Layer norm, Tensor input)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Relu(Forward(conv, norm, input)));
    }

    /// <summary>max(x, 0), in place while gradients are recorded: only on a tensor made by the caller.</summary>
    /// <remarks>Out of place otherwise: a traced graph without mutation can be fused.</remarks>
    internal static Tensor Relu(Tensor map)
    {
        if (!GradMode.IsEnabled)
        {
            return map.Relu();
        }

        Functional.ReluInPlace(map);
        return map;
    }

    // Scaling the kernel must cost less than normalising the map.
    private static bool Pays(Conv2d conv, Tensor input)
    {
        if (!GradMode.IsEnabled)
        {
            return false;
        }

        var places = input.Size(0) * input.Size(2) * input.Size(3) / (conv.Options.Stride * conv.Options.Stride);
        return places * conv.OutChannels > conv.Weight.ElementCount;
    }

    private static Tensor Folded(Conv2d conv, BatchNorm2d norm, Tensor input)
    {
        var scale = norm.Weight / (norm.RunningVariance + norm.Epsilon).Sqrt(); // (O)
        var shift = norm.Bias - (norm.RunningMean * scale); // (O)
        var kernel = conv.Weight * scale.View(-1, 1, 1, 1); // (O, C / groups, kernel, kernel)
        return conv.Apply(input, kernel, shift);
    }
}
