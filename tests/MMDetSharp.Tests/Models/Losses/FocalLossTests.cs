using MMDetSharp.Models.Losses;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class FocalLossTests
{
    [Fact]
    public void Forward_ZeroLogits_IsTheEquation()
    {
        // p = 0.5; the object's class: 0.25 x 0.5^2 x log 2, the other one: 0.75 x 0.5^2 x log 2.
        using var scope = TensorScope.Begin();

        var loss = new FocalLoss().Forward(Tensor.Zeros([1, 2]), Tensor.From([1L], 1), averageFactor: 1);

        Assert.Equal((0.25 + 0.75) * 0.25 * Math.Log(2), loss.Item(), 1e-7);
    }

    [Fact]
    public void Forward_HugeLogits_AreClampedAtTheSmallestFloat()
    {
        // p = 1 for a class that is not the object's: log(1 - p) counts as log(1.17549435e-38) = -87.3365.
        using var scope = TensorScope.Begin();
        var logits = Tensor.From([200f], 1, 1);

        var loss = new FocalLoss().Forward(logits, Tensor.From([1L], 1), averageFactor: 1);

        Assert.Equal(0.75 * 87.3365447, loss.Item(), 1e-4);
    }

    [Theory]
    [InlineData(2.0, true, 80)]
    [InlineData(1.5, false, 13)]
    [InlineData(0.0, true, 8)]
    public void Forward_Fused_IsTheOperatorVersion(double gamma, bool weighted, int classes)
    {
        using var scope = TensorScope.Begin();
        var (logits, labels, weight) = Sample(2000, classes);
        var twin = logits.Detach().Clone();
        twin.RequiresGrad = true;
        logits.RequiresGrad = true;
        var loss = new FocalLoss(new() { Gamma = gamma, Alpha = 0.3 }, new() { LossWeight = 1.3 });

        var fused = loss.Forward(logits, labels, weighted ? weight : null, 37);
        var byOperators = loss.ByOperators(twin, labels, weighted ? weight : null, 37);
        fused.Backward();
        byOperators.Backward();

        Assert.Equal(byOperators.Item(), fused.Item(), 1e-5 * byOperators.Item());
        var (expected, actual) = (twin.Grad!.ToArray(), logits.Grad!.ToArray());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-7f + (2e-5f * MathF.Abs(expected[i])));
        }
    }

    [Fact]
    public void Forward_OtherNumberOfThreads_IsTheSameBitForBit()
    {
        using var scope = TensorScope.Begin();
        var (logits, labels, weight) = Sample(5000, 21);
        var threads = TorchRuntime.Threads;

        var first = new FocalLoss().Forward(logits, labels, weight, 3).Item();
        TorchRuntime.Threads = 1;
        var second = new FocalLoss().Forward(logits, labels, weight, 3).Item();
        TorchRuntime.Threads = threads;

        Assert.Equal(first, second);
    }

    [Fact]
    public void Forward_NotANumber_IsNotANumber()
    {
        // So that training notices: a loss must not hide what is wrong.
        using var scope = TensorScope.Begin();
        var logits = Tensor.Full([3, 9], double.NaN);
        logits.RequiresGrad = true;

        var loss = new FocalLoss().Forward(logits, Tensor.From([9L, 1, 9], 3), averageFactor: 1);

        Assert.True(double.IsNaN(loss.Item()));
    }

    [Fact]
    public void Forward_NoRows_IsZero()
    {
        using var scope = TensorScope.Begin();

        var loss = new FocalLoss().Forward(
            Tensor.Zeros([0, 3]), Tensor.Zeros([0], ScalarType.Int64), averageFactor: 1);

        Assert.Equal(0, loss.Item());
    }

    [Fact]
    public void Forward_Called_LeavesOneTensor()
    {
        using var scope = TensorScope.Begin();
        var (logits, labels, weight) = Sample(100, 5);
        logits.RequiresGrad = true;
        var before = Tensor.LiveCount;

        new FocalLoss().Forward(logits, labels, weight, 3);

        CountsTensors.AssertAtMost(before + 1);
    }

    private static (Tensor Logits, Tensor Labels, Tensor Weight) Sample(int rows, int classes)
    {
        var random = new Random(3);
        var logits = new float[rows * classes];
        var labels = new long[rows];
        var weights = new float[rows];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = (random.NextSingle() * 16) - 10;
        }

        for (var i = 0; i < rows; i++)
        {
            labels[i] = random.Next(10) == 0 ? random.Next(classes) : classes;
            weights[i] = random.Next(8) == 0 ? 0 : random.NextSingle();
        }

        return (Tensor.From(logits, rows, classes), Tensor.From(labels, rows), Tensor.From(weights, rows));
    }
}
