using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>A <c>[batchnorm]</c> section. Keys: bn.*.</summary>
internal sealed class BatchNormLayer : DarknetLayer
{
    private readonly BatchNorm2d _norm;

    /// <param name="source">The layer before.</param>
    /// <param name="shape">That layer's.</param>
    internal BatchNormLayer(int source, DarknetShape shape)
        : base([source], shape) => _norm = RegisterChild("bn", new BatchNorm2d(shape.Channels));

    /// <inheritdoc/>
    internal override IEnumerable<Tensor> Weights =>
        [_norm.Bias, _norm.Weight, _norm.RunningMean, _norm.RunningVariance];

    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs) => _norm.Call(inputs[0]);
}
