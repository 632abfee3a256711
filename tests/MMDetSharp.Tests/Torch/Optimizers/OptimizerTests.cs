using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Optimizers;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class OptimizerTests
{
    [Fact]
    public void Sgd_TwoStepsWithMomentumAndDecay_GivesHandValues()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);
        using var sgd = new Sgd([Group(parameter, decay: 0.1)], new SgdOptions { Momentum = 0.5 });

        Step(sgd, parameter, 2);        // g = 2 + 0.1 x 1 = 2.1; v = 2.1; p = 1 - 0.1 x 2.1 = 0.79
        Assert.Equal(0.79, parameter.Item(), 6);
        Step(sgd, parameter, 2);        // g = 2.079; v = 1.05 + 2.079 = 3.129; p = 0.79 - 0.3129 = 0.4771
        Assert.Equal(0.4771, parameter.Item(), 6);
    }

    [Fact]
    public void Sgd_Nesterov_LooksAhead()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);
        using var sgd = new Sgd([Group(parameter)], new SgdOptions { Momentum = 0.5, Nesterov = true });

        Step(sgd, parameter, 2);        // v = 2; p = 1 - 0.1 x (2 + 0.5 x 2) = 0.7

        Assert.Equal(0.7, parameter.Item(), 6);
    }

    [Fact]
    public void Adam_FirstStep_MovesByTheLearningRate()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);
        using var adam = new Adam([Group(parameter)], new AdamOptions());

        Step(adam, parameter, 3);       // m / sqrt(v) = 3 / 3 after bias correction

        Assert.Equal(0.9, parameter.Item(), 6);
    }

    [Fact]
    public void AdamW_Decay_ShrinksTheParameterDirectly()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);
        using var adam = new Adam([Group(parameter, decay: 0.5)], new AdamOptions { DecoupledWeightDecay = true });

        Step(adam, parameter, 3);       // 1 x (1 - 0.1 x 0.5) - 0.1

        Assert.Equal(0.85, parameter.Item(), 6);
    }

    [Fact]
    public void ByNorm_LongGradient_IsScaledToTheLimit()
    {
        using var scope = TensorScope.Begin();
        var parameter = Tensor.From([0f, 0], 2);
        parameter.RequiresGrad = true;
        parameter.SetGrad(Tensor.From([3f, 4], 2));

        var norm = GradientClip.ByNorm([new StateEntry("p", parameter, true)], maxNorm: 1);

        Assert.Equal(5, norm, 6);
        Assert.Equal([0.6f, 0.8f], parameter.Grad!.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Step_Repeated_KeepsTheNumberOfTensors()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);
        using var adam = new Adam([Group(parameter)], new AdamOptions { AmsGrad = true });
        Step(adam, parameter, 1);
        var before = Tensor.LiveCount;

        for (var i = 0; i < 5; i++)
        {
            Step(adam, parameter, 1);
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Constructor_ParameterTwice_NamesIt()
    {
        using var scope = TensorScope.Begin();
        var parameter = Parameter(1);

        var error = Assert.Throws<ArgumentException>(
            () => new Sgd([Group(parameter), Group(parameter)], new SgdOptions()));

        Assert.StartsWith("Optimizer: p must stand in one group", error.Message);
    }

    private static Tensor Parameter(double value)
    {
        var parameter = Tensor.Full([1], value);
        parameter.RequiresGrad = true;
        return parameter;
    }

    private static ParameterGroup Group(Tensor parameter, double decay = 0) =>
        new([new StateEntry("p", parameter, true)], 0.1, decay);

    private static void Step(Optimizer optimizer, Tensor parameter, double gradient)
    {
        using var scope = TensorScope.Begin();
        parameter.SetGrad(Tensor.Full([1], gradient));
        optimizer.Step();
        parameter.SetGrad(null);
    }
}
