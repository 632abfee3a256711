using MMDetSharp.Models.Samplers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Support;

/// <summary>The first ones, as where recordings have no random numbers (the golden notes' P1).</summary>
internal sealed class FirstOnes : ISampleChoice
{
    public Tensor Choose(Tensor candidates, long count) => candidates.Narrow(0, 0, count);
}
