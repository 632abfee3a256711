using MMDetSharp.Models.DenseHeads.Gfl;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Gfl;

public sealed class IntegralTests
{
    [Fact]
    public void Expect_EqualLogits_IsTheMiddle()
    {
        using var scope = TensorScope.Begin();

        Assert.All(Integral.Expect(Tensor.Zeros([1, 20])).ToArray(), distance => Assert.Equal(2, distance, 1e-5f));
    }

    [Fact]
    public void Expect_TwoLikelyNumbers_LiesBetweenThem()
    {
        // 1 three times as likely as 2, of four sides each: 3 / 4 + 2 / 4 = 1.25.
        using var scope = TensorScope.Begin();
        float[] side = [-100, MathF.Log(3), 0];

        var distances = Integral.Expect(Tensor.From([.. side, .. side, .. side, .. side], 1, 12));

        Assert.All(distances.ToArray(), distance => Assert.Equal(1.25f, distance, 1e-5f));
    }
}
