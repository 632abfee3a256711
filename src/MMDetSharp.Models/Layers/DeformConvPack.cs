using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// A deformable convolution with the convolution that finds its offsets: (B, C, H, W) to (B, O, H', W'). v1: Dai et al.,
/// arXiv:1703.06211, figure 2; v2: Zhu et al., arXiv:1811.11168, section 3.2. Keys: weight, bias, conv_offset.*.
/// </summary>
public sealed class DeformConvPack : Layer
{
    private readonly bool _isModulated;
    private readonly long _taps;
    private readonly DeformConvGeometry _geometry;
    private readonly Conv2d _offsets;

    /// <param name="inChannels">C of the input.</param>
    /// <param name="outChannels">O, the channels of the output.</param>
    /// <param name="convolution">Kernel, stride, padding and so on; equal for height and width.</param>
    /// <param name="options">Which of the two papers, and its groups.</param>
    /// <exception cref="ArgumentException">v1 shall have a bias, or groups do not divide the channels.</exception>
    public DeformConvPack(int inChannels, int outChannels, Conv2dOptions convolution, DeformOptions options)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        ArgumentNullException.ThrowIfNull(options);
        Require(convolution, options);
        _geometry = new()
        {
            Stride = convolution.Stride,
            Padding = convolution.Padding,
            Dilation = convolution.Dilation,
            Groups = convolution.Groups,
            OffsetGroups = options.OffsetGroups,
        };
        _geometry.Require(inChannels, outChannels, convolution.Kernel);
        _isModulated = options.IsModulated;
        _taps = (long)options.OffsetGroups * convolution.Kernel * convolution.Kernel;
        long[] shape = [outChannels, inChannels / convolution.Groups, convolution.Kernel, convolution.Kernel];
        Weight = RegisterParameter("weight", Tensor.Zeros(shape));
        Bias = convolution.Bias ? RegisterParameter("bias", Tensor.Zeros([outChannels])) : null;
        var outputs = checked((int)_taps) * (_isModulated ? 3 : 2);
        _offsets = RegisterChild(
            "conv_offset", new Conv2d(inChannels, outputs, convolution with { Groups = 1, Bias = true }));
    }

    /// <summary>(O, C / groups, kernel, kernel).</summary>
    public Tensor Weight { get; }

    /// <summary>(O), or none.</summary>
    public Tensor? Bias { get; }

    /// <summary>
    /// As the reference: v1 by He's uniform rule, v2 uniform in +-1 / sqrt(C x taps), biases 0. Offsets begin as 0, masks as a
    /// half: arXiv:1811.11168, section 3.2.
    /// </summary>
    public override void InitWeights(Generator generator)
    {
        if (_isModulated)
        {
            var fanIn = _offsets.InChannels * _offsets.Options.Kernel * _offsets.Options.Kernel;
            var bound = 1 / Math.Sqrt(fanIn);
            Initializers.Uniform(Weight, -bound, bound, generator);
        }
        else
        {
            Initializers.KaimingUniformFanIn(Weight, 0, generator);
        }

        Tensor?[] zeros = [Bias, _offsets.Weight, _offsets.Bias];
        foreach (var parameter in zeros.OfType<Tensor>())
        {
            Initializers.Constant(parameter, 0);
        }
    }

    /// <summary>The reference's first version wrote <c>conv2_offset.weight</c> for <c>conv2.conv_offset.weight</c>.</summary>
    public override IEnumerable<KeyValuePair<string, string>> FormerKeys(string name) =>
        ((string[])["weight", "bias"]).Select(key =>
            KeyValuePair.Create($"{name}_offset.{key}", $"{name}.conv_offset.{key}"));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var found = _offsets.Call(input);
        if (!_isModulated)
        {
            return Functional.DeformConv2d(input, (Weight, Bias), found, mask: null, _geometry);
        }

        var offset = found.Narrow(1, 0, 2 * _taps); // (B, 2 G kh kw, H', W')
        var mask = found.Narrow(1, 2 * _taps, _taps).Sigmoid(); // (B, G kh kw, H', W')
        return Functional.DeformConv2d(input, (Weight, Bias), offset, mask, _geometry);
    }

    private static void Require(Conv2dOptions convolution, DeformOptions options)
    {
        if (convolution.Bias && !options.IsModulated)
        {
            throw new ArgumentException("DeformConvPack: v1 must have no bias. Take v2, or a norm behind it.", nameof(convolution));
        }

        if (convolution.StrideX is not null)
        {
            throw new ArgumentException(
                $"DeformConvPack: one stride must do for height and width, got {convolution.Stride} and {convolution.StrideX}. " +
                "Leave StrideX out.", nameof(convolution));
        }
    }
}
