using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Layers;

public sealed class ConvModuleTests
{
    // Input 1, kernel -2, no bias; norm in evaluation: (x - 1) * 3 + 4 with mean 1, variance 1, scale 3, shift 4.
    [Theory]
    [InlineData(ConvModuleOrder.ConvNormActivation, 0)]         // -2 -> -5 -> 0
    [InlineData(ConvModuleOrder.ConvActivationNorm, 1)]         // -2 -> 0 -> 1
    [InlineData(ConvModuleOrder.ActivationConvNorm, -5)]        // 1 -> -2 -> -5
    [InlineData(ConvModuleOrder.NormActivationConv, -8)]        // 4 -> 4 -> -8
    [InlineData(ConvModuleOrder.NormConvActivation, 0)]         // 4 -> -8 -> 0
    [InlineData(ConvModuleOrder.ActivationNormConv, -8)]        // 1 -> 4 -> -8
    public void Call_EachOrder_RunsThePartsInIt(ConvModuleOrder order, float expected)
    {
        using var scope = TensorScope.Begin();
        using var module = new ConvModule(1, 1, new() { Kernel = 1, Norm = new() { Epsilon = 0 }, Order = order });
        Set(module, "conv.weight", -2);
        Set(module, "bn.weight", 3);
        Set(module, "bn.bias", 4);
        Set(module, "bn.running_mean", 1);
        module.Eval();

        var recorded = module.Call(Tensor.Ones([1, 1, 1, 1]));
        using var noGrad = GradMode.NoGrad();
        var plain = module.Call(Tensor.Ones([1, 1, 1, 1]));

        Assert.Equal(expected, recorded.ToArray()[0], 1e-5f);
        Assert.Equal(expected, plain.ToArray()[0], 1e-5f);
    }

    [Theory]
    [InlineData(ConvModuleOrder.ActivationConvNorm)]
    [InlineData(ConvModuleOrder.ActivationNormConv)]
    public void Call_ActivationFirst_LeavesTheInputAlone(ConvModuleOrder order)
    {
        using var scope = TensorScope.Begin();
        using var module = new ConvModule(1, 1, new() { Kernel = 1, Norm = new(), Order = order });
        var input = Tensor.From([-1f, 2], 1, 1, 1, 2);

        module.Call(input);

        Assert.Equal([-1f, 2], input.ToArray());
    }

    [Fact]
    public void Constructor_NormDecidesTheBias_UnlessTold()
    {
        Assert.Equal(["conv.weight", "conv.bias"], Keys(new() { Kernel = 3 }));
        Assert.Equal(
            ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked"],
            Keys(new() { Kernel = 3, Norm = new() }));
        Assert.Equal(
            ["conv.weight", "gn.weight", "gn.bias"],
            Keys(new() { Kernel = 3, Norm = new() { Type = NormType.Group, Groups = 2 } }));
        Assert.Equal(["conv.weight"], Keys(new() { Kernel = 3, Bias = false }));
        Assert.Equal(
            ["conv.weight", "conv.bias", "activate.weight"],
            Keys(new() { Kernel = 3, Activation = new() { Type = ActivationType.PRelu } }));
    }

    [Theory]
    [InlineData(ActivationType.Relu, 0, 7)]
    [InlineData(ActivationType.LeakyRelu, -0.2f, 7)]
    [InlineData(ActivationType.PRelu, -0.2f, 7)]
    [InlineData(ActivationType.Relu6, 0, 6)]
    [InlineData(ActivationType.Elu, -0.0864664745f, 7)]         // 0.1 (exp(-2) - 1)
    [InlineData(ActivationType.Sigmoid, 0.119202922f, 0.999088949f)]
    [InlineData(ActivationType.Tanh, -0.964027580f, 0.999998337f)]
    public void Call_EachActivation_ItsFunction(ActivationType type, float atMinusTwo, float atSeven)
    {
        using var scope = TensorScope.Begin();
        using var module = new ConvModule(
            1, 1, new() { Kernel = 1, Bias = false, Activation = new() { Type = type, Slope = 0.1 } });
        Set(module, "conv.weight", 1);

        var result = module.Call(Tensor.From([-2f, 7], 1, 1, 1, 2));

        Assert.Equal(atMinusTwo, result.ToArray()[0], 1e-6f);
        Assert.Equal(atSeven, result.ToArray()[1], 1e-6f);
    }

    [Fact]
    public void InitWeights_Always_HesRuleAndZeroBias()
    {
        using var module = new ConvModule(64, 128, new() { Kernel = 3 });
        using var generator = new Generator(1);

        module.InitWeights(generator);

        var deviation = module.Weight.Std().Item();
        Assert.Equal(Math.Sqrt(2.0 / (128 * 9)), deviation, 0.0005);       // 73,728 samples: +-0.3 %
        Assert.All(module.Bias!.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void NormOptions_GradientsOff_ParametersAreFixed()
    {
        using var norm = new NormOptions { RequiresGradients = false }.Create(4);

        Assert.All(norm.NamedParameters(), entry => Assert.False(entry.Tensor.RequiresGrad));
    }

    private static string[] Keys(ConvModuleOptions options)
    {
        using var module = new ConvModule(4, 4, options);
        return [.. module.StateDict().Select(entry => entry.Name)];
    }

    private static void Set(Module module, string key, double value) =>
        Initializers.Constant(module.StateDict().Single(entry => entry.Name == key).Tensor, value);
}
