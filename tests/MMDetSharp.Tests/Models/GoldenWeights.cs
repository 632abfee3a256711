using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models;

/// <summary>Puts the recorded runs' weights into a module.</summary>
internal static class GoldenWeights
{
    /// <summary>Fills every parameter and buffer by the rule of the golden notes.</summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">What its keys begin with in the whole model: <c>backbone.</c></param>
    internal static void Fill(Module module, string prefix)
    {
        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        foreach (var entry in module.StateDict())
        {
            if (GoldenFill.Values(prefix + entry.Name, entry.Tensor.Shape, entry.IsParameter) is { } values)
            {
                entry.Tensor.CopyFromInPlace(Tensor.From(values, entry.Tensor.Shape));
            }
        }
    }
}
