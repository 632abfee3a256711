using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>
/// A loss that depends on the batches before: a moving sum in its state dict (as GHM's), and a moving threshold that is
/// not in it (as Dynamic R-CNN's).
/// </summary>
internal sealed class MovingLoss : Module, ILoss, ITrainingState
{
    private readonly Tensor _sum;
    private readonly Tensor _threshold = Tensor.Ones([]);

    internal MovingLoss() => _sum = RegisterBuffer("acc_sum", Tensor.Ones([]));

    public IReadOnlyList<KeyValuePair<string, Tensor>> TrainingState => [new("threshold", _threshold)];

    public WeightedReduction Reduction { get; } = WeightedReduction.Default;

    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        using var scope = TensorScope.Begin();
        var errors = (prediction - target.Single()).Abs();
        using (GradMode.NoGrad())
        {
            var mean = errors.Detach().Mean();
            _sum.CopyFromInPlace((_sum * 0.75) + (mean * 0.25));
            _threshold.CopyFromInPlace((_threshold * 0.5) + (errors.Detach().Max() * 0.5));
        }

        return scope.Keep(Reduction.Apply(errors * errors / _sum, weight, averageFactor) * _threshold);
    }

    public ILoss With(Reduction reduction) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _threshold.Dispose();
        base.Dispose(disposing);
    }
}
