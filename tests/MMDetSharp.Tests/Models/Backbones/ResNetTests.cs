using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.Layers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Backbones;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ResNetTests
{
    // torchvision's counts without the 1000-class layer.
    [Theory]
    [InlineData(18, 11_176_512)]
    [InlineData(34, 21_284_672)]
    [InlineData(50, 23_508_032)]
    [InlineData(101, 42_500_160)]
    [InlineData(152, 58_143_808)]
    public void Constructor_EachDepth_HasTheKnownNumberOfParameters(int depth, long expected)
    {
        using var net = new ResNet(new() { Depth = depth });

        Assert.Equal(expected, net.NamedParameters().Sum(entry => entry.Tensor.ElementCount));
        int[] channels = depth >= 50 ? [256, 512, 1024, 2048] : [64, 128, 256, 512];
        Assert.Equal(channels, net.Outputs.Select(level => level.Channels));
        Assert.Equal([4, 8, 16, 32], net.Outputs.Select(level => level.Stride));
    }

    [Fact]
    public void StateDict_OfABasicBlock_HasTheReferencesKeys()
    {
        using var net = new ResNet(new() { Depth = 18 });

        var keys = net.StateDict().Select(entry => entry.Name)
            .Where(key => key.StartsWith("layer2.0.", StringComparison.Ordinal) && !key.Contains("running") &&
                !key.Contains("tracked"));

        Assert.Equal(
            ["layer2.0.conv1.weight", "layer2.0.bn1.weight", "layer2.0.bn1.bias", "layer2.0.conv2.weight",
             "layer2.0.bn2.weight", "layer2.0.bn2.bias", "layer2.0.downsample.0.weight",
             "layer2.0.downsample.1.weight", "layer2.0.downsample.1.bias"],
            keys);
    }

    [Fact]
    public void StateDict_OfADeepStemAndAveragingShortcuts_HasTheReferencesKeys()
    {
        using var net = new ResNet(new() { Depth = 50, DeepStem = true, AverageDown = true });

        var shapes = net.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.Shape);

        Assert.Equal([32, 3, 3, 3], shapes["stem.0.weight"]);
        Assert.Equal([32], shapes["stem.1.running_mean"]);
        Assert.Equal([32, 32, 3, 3], shapes["stem.3.weight"]);
        Assert.Equal([64, 32, 3, 3], shapes["stem.6.weight"]);
        Assert.Equal([64], shapes["stem.7.weight"]);
        Assert.Equal([256, 64, 1, 1], shapes["layer1.0.downsample.0.weight"]);       // stride 1: nothing to average
        Assert.Equal([512, 256, 1, 1], shapes["layer2.0.downsample.1.weight"]);
        Assert.Equal([512], shapes["layer2.0.downsample.2.weight"]);
        Assert.DoesNotContain("conv1.weight", shapes.Keys);
    }

    [Fact]
    public void Call_OddSizes_MapsAreHalvedRoundedUp()
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(new() { Depth = 50, OutIndices = [0, 2, 3] });

        var maps = net.Call(Tensor.Zeros([2, 3, 75, 130]));

        Assert.Equal([2, 16, 19, 33], maps[0].Shape);       // 75 -> 38 -> 19; 130 -> 65 -> 33
        Assert.Equal([2, 64, 5, 9], maps[1].Shape);         // -> 10 -> 5; -> 17 -> 9
        Assert.Equal([2, 128, 3, 5], maps[2].Shape);
    }

    [Theory]
    [InlineData(18, ResNetStyle.PyTorch, false)]
    [InlineData(50, ResNetStyle.PyTorch, false)]
    [InlineData(50, ResNetStyle.Caffe, false)]
    [InlineData(50, ResNetStyle.PyTorch, true)]
    public void Call_WithGradients_ValuesOfEvaluation(int depth, ResNetStyle style, bool deep)
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(new() { Depth = depth, Style = style, DeepStem = deep, AverageDown = deep });
        var images = Random(3, 2, 3, 65, 64);

        var training = net.Call(images);
        net.Eval();
        using var noGrad = GradMode.NoGrad();
        var evaluation = net.Call(images);

        Assert.All(training.Zip(evaluation), pair =>
        {
            var slack = 1e-5 * pair.Second.Abs().Max().Item();
            Assert.InRange((pair.First - pair.Second).Abs().Max().Item(), 0, slack);
        });
    }

    [Fact]
    public void Call_FrozenStages_RecordNoGraphAndKeepTheirStatistics()
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(new() { Depth = 18, FrozenStages = 1, NormEval = false });
        net.Train();
        var before = Values(net, "bn1.running_mean");

        var maps = net.Call(Random(4, 1, 3, 64, 64));

        Assert.False(maps[0].RequiresGrad);
        Assert.True(maps[1].RequiresGrad);
        Assert.Equal(before, Values(net, "bn1.running_mean"));
        Assert.NotEqual(Values(net, "layer2.0.bn1.running_mean"), new float[8]);
        Assert.All(net.NamedParameters(), entry => Assert.Equal(
            !IsFrozen(entry.Name), entry.Tensor.RequiresGrad));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_NormEval_DecidesOnBatchNormsAlone(bool normEval)
    {
        using var net = Thin(new() { Depth = 18, NormEval = normEval });

        net.Train();

        Assert.True(net.Training);
        Assert.All(
            net.NamedModules().Where(module => module.Value is BatchNorm2d),
            module => Assert.Equal(!normEval, module.Value.Training));
    }

    [Fact]
    public void InitWeights_ZeroInitResidual_BlocksBeginAsTheIdentity()
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(new() { Depth = 18 });
        using var generator = new Generator(5);

        net.InitWeights(generator);

        Assert.All(Values(net, "layer1.1.bn2.weight"), value => Assert.Equal(0, value));
        Assert.All(Values(net, "layer1.1.bn1.weight"), value => Assert.Equal(1, value));
        Assert.Contains(Values(net, "layer1.1.conv1.weight"), value => value != 0);
        net.Eval();
        var whole = net.Call(Random(6, 1, 3, 64, 64))[0].ToArray();
        Assert.All(whole, value => Assert.True(value >= 0));
    }

    [Fact]
    public void InitWeights_WithoutZeroInitResidual_AllNormsBeginAsOne()
    {
        using var net = Thin(new() { Depth = 18, ZeroInitResidual = false });
        using var generator = new Generator(5);

        net.InitWeights(generator);

        Assert.All(Values(net, "layer1.1.bn2.weight"), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Call_GroupNorm_Works()
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(new() { Depth = 18, Norm = new() { Type = NormType.Group, Groups = 2 } });

        var maps = net.Call(Random(7, 1, 3, 64, 64));
        maps[^1].Sum().Backward();

        Assert.Contains("layer1.0.gn1.weight", net.StateDict().Select(entry => entry.Name));
        Assert.All(net.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_ManyTimes_LeavesOnlyItsResults(bool gradients)
    {
        using var net = Thin(new() { Depth = 50, FrozenStages = 1 });
        using var images = Random(8, 1, 3, 64, 64);
        using var mode = gradients ? GradMode.Grad() : GradMode.NoGrad();
        var before = Tensor.LiveCount;

        for (var i = 0; i < 3; i++)
        {
            var maps = net.Call(images);
            CountsTensors.AssertAtMost(before + 4);
            Array.ForEach(maps, map => map.Dispose());
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Constructor_OptionsContradict_SaysWhich()
    {
        Assert.Contains("depth must be 18, 34, 50, 101 or 152, got 51", Message(new() { Depth = 51 }));
        Assert.Contains("strides must have 3 entries", Message(new() { Depth = 18, StageCount = 3 }));
        Assert.Contains("out_indices", Message(new() { Depth = 18, OutIndices = [4] }));
        Assert.Contains("frozen_stages", Message(new() { Depth = 18, FrozenStages = 5 }));
    }

    private static string Message(ResNetOptions options) =>
        Assert.Throws<ArgumentException>(() => new ResNet(options)).Message;

    private static bool IsFrozen(string key) =>
        key.StartsWith("conv1.", StringComparison.Ordinal) || key.StartsWith("bn1.", StringComparison.Ordinal) ||
        key.StartsWith("layer1.", StringComparison.Ordinal);

    private static float[] Values(ResNet net, string key) =>
        net.StateDict().Single(entry => entry.Name == key).Tensor.ToArray();

    // Four channels in the first stage; norms that are not the identity.
    private static ResNet Thin(ResNetOptions options)
    {
        using var generator = new Generator(2);
        var net = new ResNet(options with { BaseChannels = 4, StemChannels = 4 });
        net.InitWeights(generator);
        foreach (var (_, module) in net.NamedModules())
        {
            if (module is BatchNorm2d norm)
            {
                Initializers.Uniform(norm.Weight, 0.5, 1.5, generator);
                Initializers.Uniform(norm.Bias, -0.5, 0.5, generator);
                Initializers.Uniform(norm.RunningVariance, 0.5, 1.5, generator);
            }
        }

        net.Train();
        return net;
    }

    private static Tensor Random(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        return tensor;
    }
}
