using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>Two-dimensional convolution: (B, C, H, W) to (B, O, H', W'). Keys: weight, bias.</summary>
public sealed class Conv2d : Layer
{
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long[] _dilation;
    private readonly bool _isPlain3x3;

    /// <param name="inChannels">C of the input (B, C, H, W).</param>
    /// <param name="outChannels">O, the channels of the output.</param>
    /// <param name="options">Kernel, stride, padding and so on.</param>
    public Conv2d(int inChannels, int outChannels, Conv2dOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(inChannels, outChannels, options);
        Options = options;
        InChannels = inChannels;
        OutChannels = outChannels;
        _stride = [options.Stride, options.StrideX ?? options.Stride];
        _padding = [options.Padding, options.Padding];
        _dilation = [options.Dilation, options.Dilation];
        _isPlain3x3 = options is { Kernel: 3, Stride: 1, StrideX: null or 1, Padding: 1, Dilation: 1, Groups: 1 };
        long[] shape = [outChannels, inChannels / options.Groups, options.Kernel, options.Kernel];
        Weight = RegisterParameter("weight", Tensor.Zeros(shape));
        Bias = options.Bias ? RegisterParameter("bias", Tensor.Zeros([outChannels])) : null;
    }

    /// <summary>Kernel, stride, padding, dilation, groups and bias.</summary>
    public Conv2dOptions Options { get; }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>(O, C / groups, kernel, kernel).</summary>
    public Tensor Weight { get; }

    /// <summary>(O), or none.</summary>
    public Tensor? Bias { get; }

    /// <summary>PyTorch's default: uniform in +-1 / sqrt(fan in), weight and bias.</summary>
    public override void InitWeights(Generator generator)
    {
        Initializers.FanInUniform(Weight, Weight, generator);
        if (Bias is not null)
        {
            Initializers.FanInUniform(Bias, Weight, generator);
        }
    }

    /// <summary>Convolves with another kernel in the same geometry.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="kernel">Of the shape of <see cref="Weight"/>.</param>
    /// <param name="bias">(O), or none.</param>
    public Tensor Apply(Tensor input, Tensor kernel, Tensor? bias) => _isPlain3x3 && GradMode.IsEnabled
        ? Functional.Conv3x3(input, kernel, bias)
        : Functional.Conv2d(input, kernel, bias, _stride, _padding, _dilation, Options.Groups);

    private static void Require(int inChannels, int outChannels, Conv2dOptions options)
    {
        int[] sizes = [inChannels, outChannels, options.Kernel, options.Stride, options.Dilation, options.Groups];
        if (Array.Exists(sizes, size => size <= 0) || options.Padding < 0
            || inChannels % options.Groups != 0 || outChannels % options.Groups != 0)
        {
            throw new ArgumentException(
                "Conv2d: channels, kernel, stride, dilation and groups must be positive, padding not negative, and groups divide the channels, got " +
                $"{inChannels} to {outChannels} channels, kernel {options.Kernel}, stride {options.Stride}, padding {options.Padding}, dilation " +
                $"{options.Dilation}, {options.Groups} groups. Correct them.");
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Apply(input, Weight, Bias);
}
