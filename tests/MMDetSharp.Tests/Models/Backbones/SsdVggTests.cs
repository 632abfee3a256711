using MMDetSharp.Models.Backbones;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Backbones;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class SsdVggTests
{
    // torchvision's counts of VGG's features. Behind them, for 300 pixels: fc6 512 x 1024 x 9 + 1024, fc7 1024 x 1024 + 1024;
    // 1x1 and 3x3 layers 262,400 + 1,180,160, 65,664 + 295,168, twice 32,896 + 295,168; 512 factors.
    [Theory]
    [InlineData(11, 9_220_480, 14, 24)]
    [InlineData(13, 9_404_992, 18, 28)]
    [InlineData(16, 14_714_688, 22, 34)]
    [InlineData(19, 20_024_384, 26, 40)]
    public void Constructor_EachDepth_HasTheKnownNumberOfParameters(int depth, long features, params int[] outputs)
    {
        const long others = 4_719_616 + 1_049_600 + 2_459_520 + 512;

        using var net = new SsdVgg(new() { InputSize = 300, Depth = depth, OutFeatureIndices = outputs });

        Assert.Equal(features + others, net.NamedParameters().Sum(entry => entry.Tensor.ElementCount));
        Assert.Equal(
            [new(512, 8), new(1024, 16), new(512, 32), new(256, 64), new(256, 100), new(256, 300)], net.Outputs);
    }

    [Fact]
    public void Outputs_Of512_HaveAStrideMore()
    {
        using var net = Thin(512);

        Assert.Equal([8, 16, 32, 64, 128, 256, 512], net.Outputs.Select(map => map.Stride));
        Assert.Equal([16, 32, 16, 8, 8, 8, 8], net.Outputs.Select(map => map.Channels));
    }

    // Figure 2 has 38, 19, 10, 5, 3, 1. Without ceil_mode 300 is halved to 150, 75, 37, 18.
    [Theory]
    [InlineData(300, 300, true, "38 19 10 5 3 1")]
    [InlineData(300, 300, false, "37 18 9 5 3 1")]
    [InlineData(512, 512, true, "64 32 16 8 4 2 1")]
    [InlineData(300, 257, true, "33 17 9 5 3 1")]
    [InlineData(512, 257, true, "33 17 9 5 3 2 1")]
    [InlineData(300, 272, false, "34 17 9 5 3 1")]
    public void Call_SquareImages_MapsShrinkToOnePlace(int inputSize, int side, bool ceilMode, string expected)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var net = Thin(inputSize, options => options with { CeilMode = ceilMode });

        var maps = net.Call(Tensor.Zeros([1, 3, side, side]));

        Assert.Equal(expected, string.Join(' ', maps.Select(map => map.Size(2))));
        Assert.Equal(net.Outputs.Select(map => (long)map.Channels), maps.Select(map => map.Size(1)));
    }

    [Theory]
    [InlineData(300, null, true, 257)] // 1 <- 3 <- 5 <- 9 <- 17 <- 33 <- 65 <- 129 <- 257
    [InlineData(512, null, true, 257)] // 1 <- 2 <- 3 <- 5 <- 9 <- 17, and so on
    [InlineData(300, null, false, 272)] // 17 x 16
    [InlineData(300, 4, true, 1)]
    [InlineData(300, 5, true, 129)] // 1 <- 3 <- 5 <- 9 <- 17 <- 33 <- 65 <- 129
    public void LeastSide_ByTheLastMap_LeavesItOnePlace(int inputSize, int? maps, bool ceilMode, int expected)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var net = Thin(inputSize, options => options with { MapCount = maps, CeilMode = ceilMode });

        Assert.Equal(expected, net.LeastSide);
        Assert.Equal([1, 1], net.Call(Tensor.Zeros([1, 3, expected, expected]))[^1].Shape[2..]);
    }

    [Fact]
    public void Outputs_WithLastPool_StridesDouble()
    {
        using var net = Thin(300, options => options with { WithLastPool = true, OutFeatureIndices = [22, 35] });

        Assert.Equal([8, 32, 64, 128, 200, 600], net.Outputs.Select(map => map.Stride));
        Assert.Equal(513, net.LeastSide);
    }

    [Fact]
    public void Call_AfterTraining_ValuesOfEvaluation()
    {
        using var scope = TensorScope.Begin();
        using var net = Thin(300);
        var images = Random(3, 2, 3, 261, 300);

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
    public void InitWeights_EachKindOfLayer_HasItsRule()
    {
        using var net = new SsdVgg(new() { InputSize = 300, Depth = 11, BaseChannels = 8, OutFeatureIndices = [14, 24] });
        using var generator = new Generator(4);

        net.InitWeights(generator);

        // He: deviation sqrt(2 / (9 x 64)) = 0.0589. Glorot: uniform to sqrt(6 / (9 x (32 + 64))) = 0.0833.
        var state = net.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToArray());
        Assert.Equal(0.0589, Deviation(state["features.13.weight"]), 1e-3);
        Assert.InRange(state["extra.1.weight"].Max(), 0.0825f, 0.0834f);
        Assert.Equal(0.0833 / Math.Sqrt(3), Deviation(state["extra.1.weight"]), 1e-3);
        Assert.All(state["l2_norm.weight"], value => Assert.Equal(20, value));
        Assert.All(
            state.Where(entry => entry.Key.EndsWith("bias", StringComparison.Ordinal)),
            entry => Assert.All(entry.Value, value => Assert.Equal(0, value)));
    }

    // open-mmlab://vgg16_caffe has VGG's layers, fc6 and fc7 under these names, torchvision's VGG the first of them.
    [Fact]
    public void Load_PretrainedVgg_OnlyTheLayersBehindItAreMissing()
    {
        using var trained = Thin(300);
        using var net = Thin(512);
        var features = ModuleState.Store(trained)
            .Where(entry => entry.Key.StartsWith("features.", StringComparison.Ordinal)).ToDictionary();

        var difference = ModuleState.Load(net, features, ("vgg16_caffe.pth", LoadPolicy.AllowDifferences));

        Assert.Equal(30, difference.Loadable.Count);
        Assert.Contains("features.33.bias", difference.Loadable);
        Assert.Empty(difference.Unexpected);
        Assert.All(difference.Missing, key => Assert.True(
            key.StartsWith("extra.", StringComparison.Ordinal) || key == "l2_norm.weight", key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_ManyTimes_LeavesOnlyItsResults(bool gradients)
    {
        using var net = Thin(300, options => options with { MapCount = 4 });
        using var images = Random(8, 1, 3, 64, 70);
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

    private static double Deviation(float[] values) => Math.Sqrt(values.Average(value => (double)value * value));

    // Two channels in the first stage.
    private static SsdVgg Thin(int inputSize, Func<SsdVggOptions, SsdVggOptions>? change = null)
    {
        using var generator = new Generator(2);
        var options = new SsdVggOptions { InputSize = inputSize, Depth = 16, BaseChannels = 2 };
        var net = new SsdVgg(change?.Invoke(options) ?? options);
        net.InitWeights(generator);
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
