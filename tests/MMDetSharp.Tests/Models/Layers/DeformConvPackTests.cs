using MMDetSharp.Models.Layers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Layers;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DeformConvPackTests
{
    private static readonly Conv2dOptions s_plain = new() { Kernel = 3, Padding = 1, Bias = false };
    private static readonly ConvModuleOptions s_module = new() { Kernel = 3, Padding = 1, Norm = new() };

    [Theory]
    [InlineData(false, "weight (6, 4, 3, 3); conv_offset.weight (36, 4, 3, 3); conv_offset.bias (36)")]
    [InlineData(true, "weight (6, 4, 3, 3); conv_offset.weight (54, 4, 3, 3); conv_offset.bias (54)")]
    public void StateDict_KeysOfTheReference(bool isModulated, string expected)
    {
        using var pack = new DeformConvPack(4, 6, s_plain, new() { IsModulated = isModulated, OffsetGroups = 2 });

        var keys = pack.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})");

        Assert.Equal(expected, string.Join("; ", keys));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0.5)]     // each mask is sigmoid(0)
    public void Call_AtFirst_IsAConvolution(bool isModulated, double share)
    {
        using var scope = TensorScope.Begin();
        using var pack = Make(isModulated);
        var input = RandomImage(2, 4, 9, 7);

        var actual = pack.Call(input);

        var expected = Functional.Conv2d(input, pack.Weight, null, [1, 1], [1, 1], [1, 1]) * share;
        Assert.InRange((expected - actual).Abs().Max().Item(), 0, 1e-5);
    }

    [Fact]
    public void Construct_V1WithABias_SaysWhatToTake()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new DeformConvPack(4, 4, s_plain with { Bias = true }, new()));

        Assert.Contains("v1 must have no bias. Take v2", error.Message);
    }

    [Fact]
    public void Load_KeysOfTheReferencesFirstVersion_AreTaken()
    {
        using var folder = new TemporaryFolder();
        using var written = new ConvModule(4, 6, s_module with { Deform = new() });
        using var read = new ConvModule(4, 6, s_module with { Deform = new() });
        Randomize(written);
        var former = ModuleState.Store(written).Select(entry =>
            KeyValuePair.Create(entry.Key.Replace("conv.conv_offset", "conv_offset", StringComparison.Ordinal), entry.Value));
        Checkpoint.Write(folder.Under("a.pth"), new() { State = [.. former] });
        using var checkpoint = Checkpoint.Read(folder.Under("a.pth"));

        var difference = ModuleState.Load(read, checkpoint);

        Assert.True(difference.IsEmpty);
        Assert.Contains("conv_offset.weight", checkpoint.State.Keys);
        Assert.All(
            written.StateDict().Zip(read.StateDict()),
            pair => Assert.Equal(pair.First.Tensor.ToArray(), pair.Second.Tensor.ToArray()));
    }

    [Theory]
    [InlineData(1, 97, 131)]
    [InlineData(2, 40, 56)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 33)]
    public void Run_Compiled_EqualsEager(int batch, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var net = new DeformableNet();
        Randomize(net);
        net.Eval();
        using var compiled = CompiledModule.Trace(net, RandomImage(1, 3, 24, 24));
        var input = RandomImage(batch, 3, height, width);
        using var noGrad = GradMode.NoGrad();

        var actual = compiled.Run(input)[0];

        var expected = net.Call(input);
        // As of other layers. The offsets differ by rounding, too, and move the taps.
        Assert.InRange((expected - actual).Abs().Max().Item() / expected.Abs().Max().Item(), 0, 1e-4);
    }

    [Fact]
    public void Describe_DeformableConvolutionsAreStepsThatTakeWhatFollows()
    {
        using var net = new DeformableNet();
        net.Eval();
        using var image = RandomImage(1, 3, 24, 24);
        using var compiled = CompiledModule.Trace(net, image);

        var steps = compiled.Describe();

        if (compiled.WhyNotPlanned is null)
        {
            Assert.Contains("deformable convolution [40, 20, 3, 3] + batch normalisation + activation", steps, StringComparison.Ordinal);
            Assert.Contains("deformable convolution [40, 40, 3, 3] + batch normalisation + sum", steps, StringComparison.Ordinal);
            // Groups of 10 channels are no whole blocks.
            Assert.Equal(1, steps.Split("mmdetsharp::deform_conv2d").Length - 1);
        }
        else
        {
            Assert.StartsWith("libtorch's executor: ", steps, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_CompiledManyTimes_LeavesNoTensorBehind()
    {
        using var net = new DeformableNet();
        net.Eval();
        using var input = RandomImage(1, 3, 33, 41);
        var before = Tensor.LiveCount;

        using (var compiled = CompiledModule.Trace(net, input))
        {
            for (var i = 0; i < 10; i++)
            {
                using var scope = TensorScope.Begin();
                compiled.Run(input);
            }
        }

        CountsTensors.AssertAtMost(before);
    }

    private static DeformConvPack Make(bool isModulated)
    {
        var pack = new DeformConvPack(4, 6, s_plain, new() { IsModulated = isModulated });
        using var generator = new Generator(1);
        pack.InitWeights(generator);
        return pack;
    }

    private static void Randomize(Module module)
    {
        using var generator = new Generator(2);
        using var noGrad = GradMode.NoGrad();
        foreach (var entry in module.NamedParameters())
        {
            entry.Tensor.UniformInPlace(-0.2, 0.2, generator);
        }
    }

    private static Tensor RandomImage(params long[] shape)
    {
        using var generator = new Generator(3);
        var image = Tensor.Zeros(shape);
        image.NormalInPlace(0, 1, generator);
        return image;
    }

    /// <summary>v1 and v2, strided, with offset groups, a bias, a sum behind it, and groups that are no whole blocks.</summary>
    private sealed class DeformableNet : Layer
    {
        private readonly ConvModule _stem;
        private readonly ConvModule _strided;
        private readonly ConvModule _v1;
        private readonly ConvModule _grouped;
        private readonly ConvModule _last;

        internal DeformableNet()
        {
            _stem = RegisterChild("stem", new ConvModule(3, 20, s_module));
            _strided = RegisterChild("strided", new ConvModule(
                20, 40, s_module with { Stride = 2, Deform = new() { IsModulated = true, OffsetGroups = 2 } }));
            _v1 = RegisterChild("v1", new ConvModule(
                40, 40, s_module with { Padding = 2, Dilation = 2, Activation = null, Deform = new() }));
            _grouped = RegisterChild("grouped", new ConvModule(
                40, 40, s_module with { Groups = 4, Deform = new() { IsModulated = true } }));
            _last = RegisterChild("last", new ConvModule(
                40, 7, s_module with { Norm = null, Deform = new() { IsModulated = true } }));
        }

        protected override Tensor Forward(Tensor input)
        {
            var strided = _strided.Call(_stem.Call(input));
            return _last.Call(_grouped.Call(_v1.Call(strided) + strided));
        }
    }
}
