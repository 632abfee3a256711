using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// Convolution, norm and activation in one: (B, C, H, W) to (B, O, H', W'). Keys: conv.*, and bn.* or gn.*.
/// </summary>
public sealed class ConvModule : Layer
{
    private readonly Layer? _norm;
    private readonly Layer? _activation;
    private readonly ConvModuleOptions _options;

    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="options">The parts.</param>
    public ConvModule(int inChannels, int outChannels, ConvModuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Conv = RegisterChild("conv", new Conv2d(inChannels, outChannels, options.Convolution));
        if (options.Norm is { } norm)
        {
            _norm = RegisterChild(norm.Key, norm.Create(NormFollowsConv ? outChannels : inChannels));
        }

        if (options.Activation is { } activation)
        {
            _activation = RegisterChild("activate", activation.Create(options.InPlace && !ActivationComesFirst));
        }
    }

    /// <summary>The convolution.</summary>
    public Conv2d Conv { get; }

    private bool NormFollowsConv => _options.Order
        is ConvModuleOrder.ConvNormActivation
        or ConvModuleOrder.ConvActivationNorm
        or ConvModuleOrder.ActivationConvNorm;

    private bool ActivationComesFirst => _options.Order
        is ConvModuleOrder.ActivationConvNorm
        or ConvModuleOrder.ActivationNormConv
        || (_norm is null && _options.Order is ConvModuleOrder.NormActivationConv);

    /// <summary>He's normal rule for the kernel, bias 0, norm 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        var slope = _options.Activation is { Type: ActivationType.LeakyRelu } leaky ? leaky.Slope : 0;
        Initializers.KaimingNormalFanOut(Conv.Weight, generator, slope);
        if (Conv.Bias is not null)
        {
            Initializers.Constant(Conv.Bias, 0);
        }

        _norm?.InitWeights(generator);
        _activation?.InitWeights(generator);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _options.Order switch
    {
        ConvModuleOrder.ConvNormActivation => Activate(ConvThenNorm(input)),
        ConvModuleOrder.ConvActivationNorm => Normalise(Activate(Conv.Call(input))),
        ConvModuleOrder.ActivationConvNorm => ConvThenNorm(Activate(input)),
        ConvModuleOrder.NormActivationConv => Conv.Call(Activate(Normalise(input))),
        ConvModuleOrder.NormConvActivation => Activate(Conv.Call(Normalise(input))),
        _ => Conv.Call(Normalise(Activate(input))),
    };

    private Tensor ConvThenNorm(Tensor input) =>
        _norm is null ? Conv.Call(input) : ConvNorm.Forward(Conv, _norm, input);

    private Tensor Normalise(Tensor input) => _norm is null ? input : _norm.Call(input);

    private Tensor Activate(Tensor input) => _activation is null ? input : _activation.Call(input);
}
