using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>Group normalisation; Wu and He, arXiv:1803.08494. Keys: weight, bias.</summary>
public sealed class GroupNorm : Layer
{
    private readonly int _groups;
    private readonly double _epsilon;

    /// <param name="groups">Groups of channels; divides <paramref name="channels"/>.</param>
    /// <param name="channels">C of the (B, C, H, W) input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5)
    {
        if (groups < 1 || channels % groups != 0)
        {
            throw new ArgumentException(
                $"GroupNorm: num_groups must divide the {channels} channels, got {groups}. Choose a divisor.",
                nameof(groups));
        }

        _groups = groups;
        _epsilon = epsilon;
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
    }

    /// <summary>(C) scale.</summary>
    public Tensor Weight { get; }

    /// <summary>(C) shift.</summary>
    public Tensor Bias { get; }

    /// <summary>Scale 1, shift 0.</summary>
    public override void InitWeights(Generator generator)
    {
        using var noGrad = GradMode.NoGrad();
        Weight.FillInPlace(1);
        Bias.ZeroInPlace();
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Functional.GroupNorm(input, _groups, Weight, Bias, _epsilon);
}
