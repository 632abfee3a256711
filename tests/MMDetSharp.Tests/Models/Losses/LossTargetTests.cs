using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

public sealed class LossTargetTests
{
    [Fact]
    public void Forward_LabelsAndQuality_ReachTheLoss()
    {
        // Logits 0: sigmoid 0.5. Class 1 of the first row should score 0.75: -(0.75 ln 0.5 + 0.25 ln 0.5) = ln 2; the
        // other three elements should score 0: ln 2 each. Times |target - 0.5|^2: 1/16 and three times 1/4.
        using var scope = TensorScope.Begin();
        ILoss loss = new QualityLoss();

        var value = loss.Forward(
            Tensor.Zeros([2, 2]), new(Tensor.From([1L, 2], 2), Tensor.From([0.75f, 0], 2)), averageFactor: 1);

        Assert.Equal(Math.Log(2) * (1.0 / 16 + 3.0 / 4), value.Item(), 6);
    }

    [Fact]
    public void Forward_QualityForALossWithoutOne_SaysSo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(() => new L1Loss().Forward(
            Tensor.Zeros([2]), new(Tensor.Zeros([2]), Tensor.Zeros([2]))));

        Assert.Contains("must be one tensor, got labels and their quality", error.Message);
    }

    // arXiv:2006.04388, equation 5, with beta = 2; label K is background.
    private sealed class QualityLoss : ILoss
    {
        public WeightedReduction Reduction { get; init; } = WeightedReduction.Default;

        public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
        {
            using var scope = TensorScope.Begin();
            var classes = Tensor.Arange(0, prediction.Size(1), 1, ScalarType.Int64).Eq(target.Value.Unsqueeze(1));
            var scores = classes.To(ScalarType.Float32) * target.Quality!.Unsqueeze(1); // (N, K)
            var losses = Functional.BinaryCrossEntropyWithLogits(prediction, scores)
                * (scores - prediction.Sigmoid()).Pow(2);
            return scope.Keep(Reduction.Apply(losses, weight, averageFactor));
        }

        public ILoss With(Reduction reduction) => new QualityLoss { Reduction = Reduction with { Reduction = reduction } };
    }
}
