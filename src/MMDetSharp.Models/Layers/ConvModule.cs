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

    /// <param name="inChannels">C of the input (B, C, H, W).</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="options">The convolution's geometry, norm, activation and their order.</param>
    public ConvModule(int inChannels, int outChannels, ConvModuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Deform is { } deform)
        {
            var conv = new DeformConvPack(inChannels, outChannels, options.Convolution, deform);
            (Conv, Weight, Bias) = (RegisterChild("conv", conv), conv.Weight, conv.Bias);
        }
        else
        {
            var conv = new Conv2d(inChannels, outChannels, options.Convolution);
            (Conv, Weight, Bias) = (RegisterChild("conv", conv), conv.Weight, conv.Bias);
        }

        if (options.Norm is { } norm)
        {
            _norm = RegisterChild(norm.Key, norm.Create(NormFollowsConv ? outChannels : inChannels));
        }

        if (options.Activation is { } activation)
        {
            _activation = RegisterChild("activate", activation.Create(options.InPlace && !ActivationComesFirst));
        }
    }

    /// <summary>The convolution, without norm and activation.</summary>
    public Layer Conv { get; }

    /// <summary>The convolution's kernels, (O, C / groups, kernel, kernel).</summary>
    public Tensor Weight { get; }

    /// <summary>The convolution's bias (O), or none.</summary>
    public Tensor? Bias { get; }

    /// <summary>Whether the convolution is deformable.</summary>
    public bool IsDeformable => _options.Deform is not null;

    private bool NormFollowsConv => _options.Order
        is ConvModuleOrder.ConvNormActivation
        or ConvModuleOrder.ConvActivationNorm
        or ConvModuleOrder.ActivationConvNorm;

    private bool ActivationComesFirst => _options.Order
        is ConvModuleOrder.ActivationConvNorm
        or ConvModuleOrder.ActivationNormConv
        || (_norm is null && _options.Order is ConvModuleOrder.NormActivationConv);

    /// <summary>He's normal rule for the kernel, bias 0, norm 1 and 0; a deformable convolution has its own rule.</summary>
    public override void InitWeights(Generator generator)
    {
        var slope = _options.Activation is { Type: ActivationType.LeakyRelu } leaky ? leaky.Slope : 0;
        if (IsDeformable)
        {
            Conv.InitWeights(generator);
        }
        else
        {
            Initializers.KaimingNormalFanOut(Weight, generator, slope);
            if (Bias is not null)
            {
                Initializers.Constant(Bias, 0);
            }
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

/// <summary>What a <see cref="ConvModule"/> consists of.</summary>
public sealed record ConvModuleOptions
{
    /// <summary>The kernel's height and width.</summary>
    public required int Kernel { get; init; }

    /// <summary>Steps between outputs.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Zeros on each side.</summary>
    public int Padding { get; init; }

    /// <summary>Steps between the kernel's taps.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Into how many parts the channels are split.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the convolution adds a bias; null: unless a norm follows, which has its own.</summary>
    public bool? Bias { get; init; }

    /// <summary>Makes the convolution deformable; null for the usual one.</summary>
    public DeformOptions? Deform { get; init; }

    /// <summary>The norm; null for none.</summary>
    public NormOptions? Norm { get; init; }

    /// <summary>The activation; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new();

    /// <summary>In training, whether the activation may overwrite its input.</summary>
    public bool InPlace { get; init; } = true;

    /// <summary>Which of the three runs first.</summary>
    public ConvModuleOrder Order { get; init; } = ConvModuleOrder.ConvNormActivation;

    /// <summary>The convolution's geometry, the bias decided.</summary>
    internal Conv2dOptions Convolution => new()
    {
        Kernel = Kernel,
        Stride = Stride,
        Padding = Padding,
        Dilation = Dilation,
        Groups = Groups,
        Bias = Bias ?? Norm is null,
    };
}

/// <summary>In which order a <see cref="ConvModule"/> runs its parts.</summary>
public enum ConvModuleOrder
{
    /// <summary>Convolution, norm, activation: the usual order.</summary>
    ConvNormActivation,

    /// <summary>Convolution, activation, norm.</summary>
    ConvActivationNorm,

    /// <summary>Activation first; it never overwrites the module's input.</summary>
    ActivationConvNorm,

    /// <summary>Norm first, over the input's channels.</summary>
    NormActivationConv,

    /// <summary>Norm over the input's channels, convolution, activation.</summary>
    NormConvActivation,

    /// <summary>Activation, then norm over the input's channels, then convolution.</summary>
    ActivationNormConv,
}
