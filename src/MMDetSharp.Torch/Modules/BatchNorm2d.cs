using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>
/// Batch normalisation; Ioffe and Szegedy, arXiv:1502.03167. Keys: weight, bias, running_mean, running_var,
/// num_batches_tracked.
/// </summary>
public sealed class BatchNorm2d : Layer
{
    private readonly double _epsilon;
    private readonly double _momentum;
    private readonly Tensor _batches;

    /// <param name="channels">C of the (B, C, H, W) input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The weight of a batch in the running statistics.</param>
    public BatchNorm2d(int channels, double epsilon = 1e-5, double momentum = 0.1)
    {
        _epsilon = epsilon;
        _momentum = momentum;
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
        RunningMean = RegisterBuffer("running_mean", Tensor.Zeros([channels]));
        RunningVariance = RegisterBuffer("running_var", Tensor.Ones([channels]));
        _batches = RegisterBuffer("num_batches_tracked", Tensor.Zeros([], ScalarType.Int64));
    }

    /// <summary>Added to the variance.</summary>
    public double Epsilon => _epsilon;

    /// <summary>(C) scale.</summary>
    public Tensor Weight { get; }

    /// <summary>(C) shift.</summary>
    public Tensor Bias { get; }

    /// <summary>(C) mean used in evaluation.</summary>
    public Tensor RunningMean { get; }

    /// <summary>(C) variance used in evaluation.</summary>
    public Tensor RunningVariance { get; }

    /// <summary>Scale 1, shift 0, mean 0, variance 1.</summary>
    public override void InitWeights(Generator generator)
    {
        using var noGrad = GradMode.NoGrad();
        Weight.FillInPlace(1);
        Bias.ZeroInPlace();
        RunningMean.ZeroInPlace();
        RunningVariance.FillInPlace(1);
        _batches.ZeroInPlace();
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (Training)
        {
            _batches.AddInPlace(1);
        }

        return Functional.BatchNorm(input, Weight, Bias, RunningMean, RunningVariance, Training, _momentum, _epsilon);
    }
}
