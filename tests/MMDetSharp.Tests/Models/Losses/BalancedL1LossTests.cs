using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

public sealed class BalancedL1LossTests
{
    // alpha 0.5, gamma 1.5: b = e^3 - 1 = 19.0855.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.400570)] // 0.5 / b x (0.5 b + 1) x log(0.5 b + 1) - 0.25
    [InlineData(-0.5, 0.400570)]
    [InlineData(2, 2.578594)] // 1.5 x 2 + 1.5 / b - 0.5
    public void Forward_OneError_IsTheEquation(double error, double expected)
    {
        using var scope = TensorScope.Begin();

        var loss = new BalancedL1Loss().Forward(Tensor.From([error], 1, 1).To(ScalarType.Float32), Tensor.Zeros([1, 1]));

        Assert.Equal(expected, loss.Item(), 1e-5);
    }
}
