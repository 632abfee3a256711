using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>A model whose weights have a place in a Darknet <c>.weights</c> file.</summary>
internal interface IDarknetOrdered
{
    /// <summary>Its convolutions in the order in which the file holds them; empty where it has no such order.</summary>
    IReadOnlyList<DarknetConvolution> DarknetOrder { get; }

    /// <summary>All tensors that the file holds, in its order; the model's own.</summary>
    IReadOnlyList<Tensor> DarknetTensors => [.. DarknetOrder.SelectMany(convolution => convolution.Tensors)];
}
