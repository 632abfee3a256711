using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>One line of a state dict.</summary>
/// <param name="Name">The full key: <c>backbone.conv1.weight</c>.</param>
/// <param name="Tensor">The module's own tensor.</param>
/// <param name="IsParameter">Whether it is learned; else it is a buffer.</param>
public sealed record StateEntry(string Name, Tensor Tensor, bool IsParameter);
