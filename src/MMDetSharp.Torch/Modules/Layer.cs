using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>A module that turns one tensor into one tensor.</summary>
public abstract class Layer : Module
{
    /// <summary>Runs the layer and frees all that it made but the result, which belongs to the caller.</summary>
    /// <param name="input">Of the layer's shape; borrowed.</param>
    public Tensor Call(Tensor input)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Forward(input));
    }

    /// <summary>The layer's computation, inside the scope that <see cref="Call"/> opened.</summary>
    protected abstract Tensor Forward(Tensor input);
}
