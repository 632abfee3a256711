using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// Brings the channels of each place to length 1, and multiplies each by a learned factor: Liu et al., "ParseNet",
/// arXiv:1506.04579, section 3.3. Key: weight.
/// </summary>
public sealed class L2Norm : Layer
{
    private const double Epsilon = 1e-10;
    private const double SmallestSquare = 1.17549435e-38; // the smallest normal float

    private readonly double _scale;
    private readonly Tensor _weight;

    /// <param name="channels">C of the input (B, C, H, W).</param>
    /// <param name="scale">What the factors begin as: the length of every place's channels then.</param>
    public L2Norm(int channels, double scale)
    {
        _scale = scale;
        _weight = RegisterParameter("weight", Tensor.Full([channels], scale));
    }

    /// <summary>All factors to the scale.</summary>
    public override void InitWeights(Generator generator) => Initializers.Constant(_weight, _scale);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        // The square root is infinitely steep at 0: where all channels are 0, the clamp lets no gradient through to it.
        var length = (input * input).Sum(1, keepDim: true).Clamp(min: SmallestSquare).Sqrt(); // (B, 1, H, W)
        return _weight.Reshape(1, -1, 1, 1) * input / (length + Epsilon);
    }
}
