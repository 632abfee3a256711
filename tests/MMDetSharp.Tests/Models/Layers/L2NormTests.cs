using MMDetSharp.Models.Layers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Layers;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class L2NormTests
{
    [Fact]
    public void Call_TwoPlaces_EachHasTheScalesLength()
    {
        using var scope = TensorScope.Begin();
        using var norm = new L2Norm(2, 20);

        var found = norm.Call(Tensor.From([3f, 0, 4, -2], 1, 2, 1, 2)); // (3, 4) and (0, -2)

        // 20 x (3, 4) / 5 and 20 x (0, -2) / 2
        Assert.Equal([12f, 0, 16, -20], found.ToArray());
        Assert.Equal(["weight"], norm.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void Backward_OfAPlace_TurnsButDoesNotLengthen()
    {
        using var scope = TensorScope.Begin();
        using var norm = new L2Norm(2, 1);
        var input = Tensor.From([3f, 4], 1, 2, 1, 1);
        input.RequiresGrad = true;

        norm.Call(input).Narrow(1, 0, 1).Sum().Backward();

        // d (x / sqrt(x^2 + y^2)): y^2 / 125 = 16 / 125 and -x y / 125 = -12 / 125; of the first factor x / 5.
        Assert.Equal([0.128f, -0.096f], input.Grad!.ToArray().Select(value => MathF.Round(value, 5)));
        Assert.Equal([0.6f, 0], norm.StateDict()[0].Tensor.Grad!.ToArray());
    }

    [Fact]
    public void Backward_AllChannelsZero_IsFinite()
    {
        using var scope = TensorScope.Begin();
        using var norm = new L2Norm(3, 20);
        var input = Tensor.Zeros([1, 3, 2, 2]);
        input.RequiresGrad = true;

        var found = norm.Call(input);
        found.Sum().Backward();

        Assert.All(found.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(1, input.Grad!.IsFinite().All().Item());
        Assert.All(norm.StateDict()[0].Tensor.Grad!.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void InitWeights_Called_TheFactorsAreTheScale()
    {
        using var norm = new L2Norm(3, 10);
        using var generator = new Generator(1);
        norm.StateDict()[0].Tensor.Detach().FillInPlace(7);

        norm.InitWeights(generator);

        Assert.Equal([10f, 10, 10], norm.StateDict()[0].Tensor.ToArray());
    }

    [Fact]
    public void Call_ManyTimes_LeavesOnlyItsResult()
    {
        using var norm = new L2Norm(3, 20);
        using var input = Tensor.Ones([2, 3, 4, 4]);
        var before = Tensor.LiveCount;

        using (norm.Call(input))
        {
            CountsTensors.AssertAtMost(before + 1);
        }

        CountsTensors.AssertAtMost(before);
    }
}
