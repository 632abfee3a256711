using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>
/// A <c>[shortcut]</c> section: the layer before plus others, perhaps weighted (blas.c, shortcut_multilayer_cpu;
/// weights as in BiFPN, Tan et al., arXiv:1911.09070, section 3.3). Keys: weights.
/// </summary>
internal sealed class ShortcutLayer : DarknetLayer
{
    // network.c, fuse_conv_batchnorm: what Darknet detects with.
    private const double Epsilon = 1e-4;
    private const double LeastWeight = 1e-3;

    private readonly IReadOnlyList<int> _channels;
    private readonly ShortcutWeights _kind;
    private readonly Func<Tensor, Tensor>? _activation;
    private readonly Tensor? _weights;

    /// <param name="sources">The layer before, then the others.</param>
    /// <param name="channels">Of each source.</param>
    /// <param name="shape">Of the layer before.</param>
    /// <param name="how">The kind of weights, and the function behind.</param>
    internal ShortcutLayer(
        IReadOnlyList<int> sources,
        IReadOnlyList<int> channels,
        DarknetShape shape,
        (ShortcutWeights Weights, Func<Tensor, Tensor>? Activation) how)
        : base(sources, shape)
    {
        _channels = channels;
        (_kind, _activation) = how;
        _weights = how.Weights.Layout switch
        {
            ShortcutLayout.PerFeature => RegisterParameter("weights", Tensor.Ones([sources.Count, 1, 1, 1])),
            ShortcutLayout.PerChannel => RegisterParameter(
                "weights", Tensor.Ones([sources.Count, shape.Channels, 1, 1])),
            _ => null,
        };
    }

    /// <inheritdoc/>
    internal override IEnumerable<Tensor> Weights => _weights is null ? [] : [_weights];

    /// <summary>All weights 1, as Darknet.</summary>
    public override void InitWeights(Generator generator)
    {
        if (_weights is not null)
        {
            Initializers.Constant(_weights, 1);
        }
    }

    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs)
    {
        var weights = _weights is null ? null : Normalise(_weights).Unbind(0); // (C or 1, 1, 1) each
        var sum = Weighted(inputs[0], weights?[0]);
        for (var i = 1; i < inputs.Length; i++)
        {
            sum += Weighted(Fit(inputs[i], _channels[i]), weights?[i]);
        }

        return _activation is null ? sum : _activation(sum);
    }

    private static Tensor Weighted(Tensor map, Tensor? weight) => weight is null ? map : map * weight;

    // As Darknet: channels that only one of both has are left out of the sum, or stay as they are.
    private Tensor Fit(Tensor map, int channels) => channels == Shape.Channels ? map
        : channels > Shape.Channels ? map.Narrow(1, 0, Shape.Channels)
        : Functional.Pad(map, [0, 0, 0, 0, 0, Shape.Channels - channels]);

    private Tensor Normalise(Tensor weights) => _kind.Normalisation switch
    {
        ShortcutNormalisation.Relu => Share(weights.Clamp(min: LeastWeight)),
        ShortcutNormalisation.Softmax => Share((weights - weights.Max(0, keepDim: true).Values).Exp()),
        _ => weights,
    };

    private static Tensor Share(Tensor weights) => weights / (weights.Sum(0, keepDim: true) + Epsilon);
}
