using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Takes all positive and all background boxes: for losses that weigh them themselves.</summary>
public sealed class PseudoSampler : ISampler
{
    /// <inheritdoc/>
    public SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(assigned);
        ArgumentNullException.ThrowIfNull(groundTruth);
        using var scope = TensorScope.Begin();
        var candidates = new SampleCandidates(assigned, boxes);
        return candidates.Sampled(candidates.Positive(), candidates.Negative(), groundTruth).KeepIn(scope);
    }
}
