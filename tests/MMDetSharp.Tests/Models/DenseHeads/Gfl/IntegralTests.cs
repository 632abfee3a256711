using MMDetSharp.Models.DenseHeads.Gfl;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Gfl;

public sealed class IntegralTests
{
    [Fact]
    public void Expect_EqualLogits_IsTheMiddle()
    {
        using var scope = TensorScope.Begin();

        Assert.Equal([2f, 2, 2, 2], Integral.Expect(Tensor.Zeros([1, 20])).ToArray(), new Near());
    }

    [Fact]
    public void Expect_TwoLikelyNumbers_LiesBetweenThem()
    {
        // 1 three times as likely as 2, of four sides each: 3 / 4 + 2 / 4 = 1.25.
        using var scope = TensorScope.Begin();
        float[] side = [-100, MathF.Log(3), 0];

        Assert.Equal([1.25f, 1.25f, 1.25f, 1.25f], Integral.Expect(Tensor.From([.. side, .. side, .. side, .. side], 1, 12)).ToArray(), new Near());
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => MathF.Abs(x - y) < 1e-5f;

        public int GetHashCode(float obj) => 0;
    }
}
