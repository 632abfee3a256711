using MMDetSharp.Models.Necks;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Necks;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class FeaturePyramidTests
{
    [Fact]
    public void Call_IdentityLayers_AddsCoarserMapsToFinerOnes()
    {
        using var scope = TensorScope.Begin();
        using var neck = Identity(new() { InChannels = [1, 1], OutChannels = 1, LevelCount = 2 });
        var fine = Tensor.From([1f, 2, 3], 1, 1, 1, 3);
        var coarse = Tensor.From([10f, 20], 1, 1, 1, 2);

        var levels = neck.Call([fine, coarse]);

        Assert.Equal([11f, 12, 23], levels[0].ToArray());       // sources floor(i * 2 / 3): 0, 0, 1
        Assert.Equal([10f, 20], levels[1].ToArray());
        Assert.Equal([1f, 2, 3], fine.ToArray());
    }

    // One level of one place, value 3; lateral layer x 2, output layer x 5, extra layers x 7 and x 11.
    [Theory]
    [InlineData(ExtraConvs.None, false, 30, 30)]            // 3 x 2 x 5; then the same place
    [InlineData(ExtraConvs.OnInput, false, 21, 231)]        // 3 x 7; x 11
    [InlineData(ExtraConvs.OnLateral, false, 42, 462)]      // 3 x 2 x 7; x 11
    [InlineData(ExtraConvs.OnOutput, false, 210, 2310)]     // 3 x 2 x 5 x 7; x 11
    [InlineData(ExtraConvs.OnOutput, true, 210, 2310)]
    public void Call_ExtraLevels_ComeFromTheirSource(ExtraConvs extra, bool relu, float second, float third)
    {
        using var scope = TensorScope.Begin();
        using var neck = Identity(new()
        {
            InChannels = [1],
            OutChannels = 1,
            LevelCount = 3,
            ExtraConvs = extra,
            ReluBeforeExtraConvs = relu,
        });
        Scale(neck, "lateral_convs.0.conv.weight", 2);
        Scale(neck, "fpn_convs.0.conv.weight", 5);
        if (extra != ExtraConvs.None)
        {
            Scale(neck, "fpn_convs.1.conv.weight", 7);
            Scale(neck, "fpn_convs.2.conv.weight", 11);
        }

        var levels = neck.Call([Tensor.Full([1, 1, 1, 1], 3)]);

        Assert.Equal([30f, second, third], levels.Select(level => level.ToArray()[0]));
    }

    [Fact]
    public void Call_ReluBeforeExtraConvs_NotBeforeTheFirst()
    {
        using var scope = TensorScope.Begin();
        using var neck = Identity(new()
        {
            InChannels = [1],
            OutChannels = 1,
            LevelCount = 3,
            ExtraConvs = ExtraConvs.OnOutput,
            ReluBeforeExtraConvs = true,
        });

        var levels = neck.Call([Tensor.Full([1, 1, 1, 1], -3)]);

        Assert.Equal([-3f, -3, 0], levels.Select(level => level.ToArray()[0]));
    }

    [Fact]
    public void Call_StartAndEndLevel_UseThoseMapsAlone()
    {
        using var scope = TensorScope.Begin();
        using var neck = Identity(new()
        {
            InChannels = [1, 1, 1, 1],
            OutChannels = 1,
            LevelCount = 2,
            StartLevel = 1,
            EndLevel = 3,
        });

        var levels = neck.Call([.. new[] { 8, 4, 2, 1 }.Select(size => Tensor.Full([1, 1, size, size], size))]);

        Assert.Equal([6f, 2], levels.Select(level => level.ToArray()[0]));      // 4 + 2; 2
        Assert.Equal([1, 1, 4, 4], levels[0].Shape);
    }

    [Theory]
    [InlineData(64, 96)]
    [InlineData(33, 47)]
    [InlineData(70, 35)]
    public void Compiled_AnySize_EqualsEager(int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var neck = Random(new()
        {
            InChannels = [3, 3, 3],
            OutChannels = 8,
            LevelCount = 5,
            ExtraConvs = ExtraConvs.OnInput,
        });
        neck.Eval();
        using var noGrad = GradMode.NoGrad();
        using var compiled = CompiledModule.Trace(neck, image => neck.Call(Maps(image)), Tensor.Ones([1, 3, 64, 64]));
        var image = Normal(9, 1, 3, height, width);

        var expected = neck.Call(Maps(image));
        var actual = compiled.Run(image);

        Assert.Equal(expected.Select(level => level.Shape), actual.Select(level => level.Shape));
        Assert.All(
            expected.Zip(actual), pair => Assert.InRange((pair.First - pair.Second).Abs().Max().Item(), 0, 1e-5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_ManyTimes_LeavesOnlyItsResults(bool gradients)
    {
        using var neck = Random(new() { InChannels = [3, 3, 3], OutChannels = 8, LevelCount = 4 });
        using var image = Normal(9, 1, 3, 32, 32);
        using var mode = gradients ? GradMode.Grad() : GradMode.NoGrad();
        var maps = Maps(image);
        var before = Tensor.LiveCount;

        var levels = neck.Call(maps);

        CountsTensors.AssertAtMost(before + 4);
        Array.ForEach(levels, level => level.Dispose());
        Array.ForEach(maps, map => map.Dispose());
    }

    [Fact]
    public void InitWeights_Always_XavierAndZeroBias()
    {
        using var neck = Random(new() { InChannels = [64], OutChannels = 256, LevelCount = 1 });

        var weights = neck.StateDict().Single(entry => entry.Name == "lateral_convs.0.conv.weight").Tensor.ToArray();
        var bound = MathF.Sqrt(6f / (64 + 256));

        Assert.All(weights, value => Assert.InRange(value, -bound, bound));
        Assert.InRange(weights.Max(), 0.99f * bound, bound);
    }

    [Fact]
    public void Constructor_OptionsContradict_SaysWhich()
    {
        Assert.Contains("num_outs must be at least the number of maps used, 4, got 3", Message(
            new() { InChannels = [1, 1, 1, 1], OutChannels = 1, LevelCount = 3 }));
        Assert.Contains("num_outs must be end_level - start_level = 2", Message(
            new() { InChannels = [1, 1, 1], OutChannels = 1, LevelCount = 3, EndLevel = 2 }));
        Assert.Contains("start_level", Message(
            new() { InChannels = [1, 1], OutChannels = 1, LevelCount = 2, StartLevel = 2 }));
    }

    [Fact]
    public void Call_WrongNumberOfMaps_SaysHowMany()
    {
        using var scope = TensorScope.Begin();
        using var neck = Identity(new() { InChannels = [1, 1], OutChannels = 1, LevelCount = 2 });

        var error = Assert.Throws<ArgumentException>(() => neck.Call([Tensor.Ones([1, 1, 2, 2])]));

        Assert.Contains("there must be 2 maps, one per entry of in_channels, got 1", error.Message);
    }

    private static string Message(FeaturePyramidOptions options) =>
        Assert.Throws<ArgumentException>(() => new FeaturePyramid(options)).Message;

    // Three maps of one image: itself, and halved once and twice, rounded up.
    private static Tensor[] Maps(Tensor image)
    {
        var half = MMDetSharp.Torch.Ops.Functional.MaxPool2d(image, [1, 1], [2, 2], [0, 0], [1, 1]);
        var quarter = MMDetSharp.Torch.Ops.Functional.MaxPool2d(half, [1, 1], [2, 2], [0, 0], [1, 1]);
        return [image, half, quarter];
    }

    // Kernels with 1 in the middle and no bias, for maps of one channel.
    private static FeaturePyramid Identity(FeaturePyramidOptions options)
    {
        var neck = new FeaturePyramid(options);
        foreach (var entry in neck.NamedParameters().Where(entry => entry.Tensor.Rank == 4))
        {
            using var middle = Middle(entry.Tensor);
            Initializers.Constant(middle, 1);
        }

        return neck;
    }

    private static void Scale(FeaturePyramid neck, string key, double value)
    {
        using var middle = Middle(neck.StateDict().Single(entry => entry.Name == key).Tensor);
        Initializers.Constant(middle, value);
    }

    private static Tensor Middle(Tensor kernel)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var centre = kernel.Size(2) / 2;
        return scope.Keep(kernel.Detach().Narrow(2, centre, 1).Narrow(3, centre, 1));
    }

    private static FeaturePyramid Random(FeaturePyramidOptions options)
    {
        using var generator = new Generator(4);
        var neck = new FeaturePyramid(options);
        neck.InitWeights(generator);
        return neck;
    }

    private static Tensor Normal(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        return tensor;
    }
}
