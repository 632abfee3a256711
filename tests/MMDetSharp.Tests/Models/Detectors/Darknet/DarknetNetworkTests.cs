using MMDetSharp.Models.Detectors.Darknet;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors.Darknet;

/// <summary>Each section against plain loops, or against numbers computed by hand.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DarknetNetworkTests
{
    private static readonly float[] s_ramp = [.. Enumerable.Range(0, 2 * 8 * 8).Select(i => i % 23 - (i % 7 * 3f))];

    [Theory]
    [InlineData("logistic", 0.5, 0.62245935)]
    [InlineData("loggy", 0.5, 0.2449187)]
    [InlineData("relu", -2, 0)]
    [InlineData("relu6", 7, 6)]
    [InlineData("elu", -1, -0.63212055)]
    [InlineData("selu", 2, 2.1014)]
    [InlineData("selu", -1, -1.1112877)] // 1.0507 * 1.6732 * (exp(-1) - 1)
    [InlineData("gelu", 1, 0.84119)] // 0.5 (1 + tanh(0.833562))
    [InlineData("relie", -2, -0.02)]
    [InlineData("ramp", 2, 2.2)]
    [InlineData("ramp", -2, -0.2)]
    [InlineData("leaky", -2, -0.2)]
    [InlineData("revleaky", -2, -0.2)]
    [InlineData("tanh", 0.5, 0.46211717)]
    [InlineData("plse", 2, 0.75)]
    [InlineData("plse", 6, 1.02)]
    [InlineData("plse", -6, -0.02)]
    [InlineData("stair", 2.5, 1)]
    [InlineData("stair", 3.5, 1.5)]
    [InlineData("stair", -0.5, -0.5)] // floor -1 is odd: 0.5 + floor(-0.25)
    [InlineData("hardtan", 3, 1)]
    [InlineData("lhtan", 3, 1.002)]
    [InlineData("lhtan", -3, -0.003)]
    [InlineData("swish", 2, 1.7615942)]
    [InlineData("mish", 2, 1.9439589)]
    [InlineData("hard_mish", -1, -0.5)]
    [InlineData("hard_mish", -3, 0)]
    [InlineData("hard_mish", 3, 3)]
    [InlineData("linear", -3, -3)]
    public void Activation_OneNumber_IsDarknetsFormula(string name, float value, float expected)
    {
        using var scope = TensorScope.Begin();

        var result = Run($"[activation]\nactivation={name}\n", Tensor.Full([1, 2, 1, 1], value), last: 0);

        Assert.Equal(expected, result.ToArray()[0], 1e-5);
    }

    [Theory]
    [InlineData("normalize_channels", 0.2499938, 0.7499813)] // 1 / 4.0001, 3 / 4.0001
    [InlineData("normalize_channels_softmax", 0.1192024, 0.8807927)] // e / (e + e^3 + 0.0001)
    [InlineData("normalize_channels_softmax_maxval", 0.1191924, 0.8807194)] // e^-2 / (e^-2 + 1 + 0.0001)
    public void Activation_OverChannels_Shares(string name, float first, float second)
    {
        using var scope = TensorScope.Begin();

        var result = Run($"[activation]\nactivation={name}\n", Tensor.From([1f, 3], 1, 2, 1, 1), last: 0).ToArray();

        Assert.Equal(first, result[0], 1e-5);
        Assert.Equal(second, result[1], 1e-5);
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 1, 4)]
    [InlineData(3, 3, 1)]
    [InlineData(2, 2, 0)]
    public void MaxPool_AnyPadding_IsDarknetsLoop(int size, int stride, int padding)
    {
        using var scope = TensorScope.Begin();

        foreach (var width in (int[])[8, 7])
        {
            var input = Tensor.From(s_ramp.AsSpan(0, 2 * width * width), 1, 2, width, width);
            var result = Run($"[maxpool]\nsize={size}\nstride={stride}\npadding={padding}\n", input, last: 0);

            var (expected, side) = Windows(input.ToArray(), width, (size, stride, padding), values => values.Max());
            Assert.Equal([1, 2, side, side], result.Shape.ToArray());
            Assert.Equal(expected, result.ToArray());
        }
    }

    [Fact]
    public void LocalAveragePool_AtTheEdge_CountsOnlyWhatIsThere()
    {
        using var scope = TensorScope.Begin();
        var input = Tensor.From(s_ramp, 1, 2, 8, 8);

        var result = Run("[local_avgpool]\nsize=3\nstride=2\n", input, last: 0);

        var (expected, _) = Windows(s_ramp, 8, (3, 2, 2), values => values.Average());
        Assert.Equal(expected.Length, result.ElementCount);
        Assert.All(result.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Route_Groups_TakesOnePartOfEachLayer()
    {
        using var scope = TensorScope.Begin();
        var input = Tensor.From([1f, 2, 3, 4], 1, 4, 1, 1);
        const string Layers = "[activation]\nactivation=ramp\n[route]\nlayers=0,-1\ngroups=2\ngroup_id=1\n";

        var result = Run(Layers, input, last: 1);

        Assert.Equal([3.3f, 4.4f, 3.3f, 4.4f], result.ToArray().Select(value => MathF.Round(value, 4)));
    }

    [Theory]
    [InlineData("none", "none", 11)]
    [InlineData("per_feature", "none", 2 + 30)] // weights 2 and 3
    [InlineData("per_channel", "none", 2 + 30)]
    [InlineData("per_feature", "relu", 2 / 5.0001 + 30 / 5.0001)]
    [InlineData("per_feature", "softmax", 7.5792)] // 1 / (1 + e), e / (1 + e), a little less
    public void Shortcut_Weights_MakeAWeightedSum(string type, string normalisation, double expected)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var layers = $"[empty]\n[batchnorm]\n[shortcut]\nfrom=0\nweights_type={type}\nweights_normalization={normalisation}\n";
        using var network = TinyDarknet.Build(layers + TinyDarknet.Head, 1);
        network.Eval();
        var norm = network.Layers[1].Weights.ToArray();
        norm[0].FillInPlace(-9); // 10 - 9 = 1 after the norm, 10 before
        foreach (var weights in network.Layers[2].Weights)
        {
            Assert.Equal(type == "per_channel" ? 4 : 2, weights.ElementCount);
            weights.CopyFromInPlace(Tensor.From([2f, 3], 2, 1, 1, 1).Expand([.. weights.Shape]));
        }

        var first = network.Layers[1].Compute([Tensor.Full([1, 2, 1, 1], 10)]);
        var result = network.Layers[2].Compute([first, Tensor.Full([1, 2, 1, 1], 10)]).ToArray();

        Assert.Equal(expected, result[0], 2e-3);
        Assert.Equal(expected, result[1], 2e-3);
    }

    [Fact]
    public void Shortcut_OtherChannels_AddsTheCommonOnes()
    {
        using var scope = TensorScope.Begin();
        using var network = TinyDarknet.Build(
            "[empty]\n[route]\nlayers=0,0\n[shortcut]\nfrom=0\n[route]\nlayers=0\n[shortcut]\nfrom=1\n" + TinyDarknet.Head, 1);
        var (two, four) = (Tensor.From([1f, 2], 1, 2, 1, 1), Tensor.From([1f, 2, 3, 4], 1, 4, 1, 1));

        Assert.Equal([2f, 4, 3, 4], network.Layers[2].Compute([four, two]).ToArray());
        Assert.Equal([2f, 4], network.Layers[4].Compute([two, four]).ToArray());
    }

    [Fact]
    public void Reorg_BothKinds_AreDarknetsLoop()
    {
        using var scope = TensorScope.Begin();
        var values = Enumerable.Range(0, 4 * 4 * 4).Select(i => (float)i).ToArray();
        var input = Tensor.From(values, 1, 4, 4, 4);

        Assert.Equal(Scatter(values, (2, 2, 16), 2), Run("[reorg3d]\nstride=2\n", input, last: 0).ToArray());
        Assert.Equal(Scatter(values, (4, 4, 4), 2), Run("[reorg]\nstride=2\n", input, last: 0).ToArray());
    }

    [Fact]
    public void Convolution_StridesAndDilation_HaveDarknetsSizes()
    {
        using var scope = TensorScope.Begin();
        var input = Tensor.From(s_ramp, 1, 2, 8, 8);

        Assert.Equal([1, 3, 8, 4], Run("[conv]\nfilters=3\nsize=3\npad=1\nstride_x=2\nstride_y=1\n", input, 0).Shape.ToArray());
        Assert.Equal([1, 3, 4, 4], Run("[conv]\nfilters=3\nsize=3\npad=1\ndilation=2\nstride=2\n", input, 0).Shape.ToArray());
        Assert.Equal([1, 3, 10, 10], Run("[conv]\nfilters=3\npadding=1\ndilation=2\n", input, 0).Shape.ToArray());
    }

    [Fact]
    public void Compiled_AllKindsOfSections_IsEagerAtEverySize()
    {
        const string Layers =
            "[conv]\nfilters=8\nsize=3\npad=1\nbatch_normalize=1\nactivation=mish\n" +
            "[reorg]\nstride=2\n[conv]\nfilters=4\nactivation=swish\n[maxpool]\nsize=2\nstride=1\n" +
            "[upsample]\nstride=2\n[dropout]\n[route]\nlayers=-1,0\n[reorg3d]\nstride=2\n" +
            "[conv]\nfilters=4\nsize=5\npad=1\ngroups=4\nactivation=hard_mish\n[avgpool]\n" +
            "[scale_channels]\nfrom=-2\nactivation=leaky\n[shortcut]\nfrom=-3\nweights_type=per_channel\n" +
            "weights_normalization=softmax\nactivation=relu\n[local_avgpool]\nsize=2\nstride=2\n[sam]\nfrom=-1\n";
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var generator = new Generator(3);
        using var network = TinyDarknet.Build(Layers + TinyDarknet.Head);
        network.InitWeights(generator);
        network.Eval();
        using var compiled = CompiledModule.Trace(network, network.Call, Tensor.Zeros([2, 2, 64, 64]));

        foreach (var (batch, height, width) in ((long, long, long)[])[(1, 16, 32), (3, 40, 24)])
        {
            var input = Tensor.Zeros([batch, 2, height, width]);
            input.UniformInPlace(-1, 1, generator);
            var (eager, fast) = (network.Call(input)[0], compiled.Run(input)[0]);

            Assert.Equal([batch, 6, height / 4, width / 4], eager.Shape.ToArray());
            Assert.InRange((eager - fast).Abs().Max().Item(), 0, 1e-5);
        }
    }

    [Fact]
    public void Call_TrainingAndTesting_FreesWhatItMakes()
    {
        const string Layers = "[conv]\nfilters=2\n[dropout]\n[route]\nlayers=0\n[shortcut]\nfrom=0\n";
        using var network = TinyDarknet.Build(Layers + TinyDarknet.Head);
        using var input = Tensor.Ones([1, 2, 8, 8]);
        using var generator = new Generator(1);
        network.UseRandomness(generator);
        foreach (var training in (bool[])[true, false])
        {
            network.Train(training);
            var before = Tensor.LiveCount;

            foreach (var map in network.Call(input))
            {
                map.Dispose();
            }

            CountsTensors.AssertAtMost(before);
        }
    }

    // The result of one layer; the input's channels are the network's.
    private static Tensor Run(string layers, Tensor input, int last)
    {
        using var noGrad = GradMode.NoGrad();
        var text = $"[net]\nwidth={input.Size(3)}\nheight={input.Size(2)}\nchannels={input.Size(1)}\n";
        using var network = DarknetBuilder.Build(
            MMDetSharp.Core.Darknet.DarknetConfig.Parse(text + layers + TinyDarknet.Head, "a.cfg"));
        network.Eval();
        var results = new List<Tensor>();
        for (var i = 0; i <= last; i++)
        {
            var inputs = network.Layers[i].Sources.Select(source => source < 0 ? input : results[source]).ToArray();
            results.Add(network.Layers[i].Passes ? inputs[0] : network.Layers[i].Compute(inputs));
        }

        return results[^1];
    }

    private static (float[] Values, int Side) Windows(
        float[] input, int width, (int Size, int Stride, int Padding) pooling, Func<IEnumerable<float>, float> reduce)
    {
        var side = ((width + pooling.Padding - pooling.Size) / pooling.Stride) + 1;
        List<float> values = [];
        for (var i = 0; i < 2 * side * side; i++)
        {
            var (channel, row, column) = (i / (side * side), i / side % side, i % side);
            values.Add(reduce(
                from y in Enumerable.Range((row * pooling.Stride) - (pooling.Padding / 2), pooling.Size)
                from x in Enumerable.Range((column * pooling.Stride) - (pooling.Padding / 2), pooling.Size)
                where y >= 0 && x >= 0 && y < width && x < width
                select input[(channel * width * width) + (y * width) + x]));
        }

        return ([.. values], side);
    }

    // blas.c, reorg_cpu, without a batch: sizes as Darknet passes them.
    private static float[] Scatter(float[] x, (int Width, int Height, int Channels) size, int stride)
    {
        var result = new float[x.Length];
        var channels = size.Channels / (stride * stride);
        for (var i = 0; i < x.Length; i++)
        {
            var (k, j, c) = (i / (size.Width * size.Height), i / size.Width % size.Height, i % size.Width);
            var (offset, channel) = (k / channels, k % channels);
            var (w, h) = ((c * stride) + (offset % stride), (j * stride) + (offset / stride));
            result[i] = x[w + (size.Width * stride * (h + (size.Height * stride * channel)))];
        }

        return result;
    }
}
