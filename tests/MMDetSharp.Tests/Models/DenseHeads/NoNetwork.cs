using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

/// <summary>For heads whose maps a test gives.</summary>
internal sealed class NoNetwork : HeadNetwork
{
    public override MapSet Forward(Tensor[] features) => throw new NotSupportedException("The test gives the maps.");
}
