using System.Diagnostics;

using MMDetSharp.Tests.Support;
using MMDetSharp.Torch;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Compilation;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class CompiledModuleTests
{
    // Float32 rounding of about ten layers, of which Winograd's transforms are the larger part: 1e-6 to 1e-5 seen.
    private const double Tolerance = 1e-4;
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(1, 96, 160)]
    [InlineData(2, 33, 47)]
    [InlineData(1, 127, 65)]
    [InlineData(3, 16, 16)]
    [InlineData(1, 7, 9)]
    [InlineData(1, 1, 1)]
    public void Run_AnySize_EqualsEager(int batch, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        using var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64]));
        var input = RandomImage(batch, height, width);

        var actual = compiled.Run(input);

        AssertClose(Eager(net, input), actual);
    }

    [Fact]
    public void Run_ManySizesInTurn_EqualsEagerEachTime()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        using var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64]));

        foreach (var size in (int[])[40, 72, 40, 55, 72, 41])
        {
            var input = RandomImage(1, size, size + 3);

            AssertClose(Eager(net, input), compiled.Run(input));
        }
    }

    [Fact]
    public void Run_OperatorsWithoutFastForm_EqualsEager()
    {
        using var scope = TensorScope.Begin();
        using var net = new OddNet();
        Initialize(net);
        using var compiled = CompiledModule.Trace(net, RandomImage(1, 24, 24));
        var input = RandomImage(2, 31, 18);

        var actual = compiled.Run(input);

        AssertClose([net.Call(input)], actual);
    }

    [Theory]
    [InlineData(1, 40, 56)]
    [InlineData(2, 37, 51)]
    [InlineData(1, 9, 8)]
    public void Run_LayersOfOtherDetectors_EqualsEager(int batch, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var net = new ManyLayersNet();
        Initialize(net);
        using var compiled = CompiledModule.Trace(net, RandomImage(1, 24, 24));
        var input = RandomImage(batch, height, width);

        var actual = compiled.Run(input);

        AssertClose([net.Call(input)], actual);
    }

    [Fact]
    public void Run_InputNotContiguous_EqualsEager()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        using var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64]));
        var input = RandomImage(1, 48, 64).Transpose(2, 3);

        AssertClose(Eager(net, input), compiled.Run(input));
    }

    [Fact]
    public void Run_LeavesTheModuleAndTheInputAlone()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        var before = net.StateDict().Select(entry => entry.Tensor.ToDoubleArray()).ToArray();
        var input = RandomImage(1, 64, 64);
        var pixels = input.ToArray();
        using var compiled = CompiledModule.Trace(net, net.Maps, input);

        compiled.Run(input);

        Assert.Equal(pixels, input.ToArray());
        Assert.Equal(before, net.StateDict().Select(entry => entry.Tensor.ToDoubleArray()));
    }

    [Fact]
    public void Run_ManyTimes_LeavesNoTensorBehind()
    {
        using var net = PyramidNet.Make();
        using var input = RandomImage(1, 64, 96);
        var before = Tensor.LiveCount;

        using (var compiled = CompiledModule.Trace(net, net.Maps, input))
        {
            for (var i = 0; i < 20; i++)
            {
                using var scope = TensorScope.Begin();
                compiled.Run(input);
            }
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Run_OnSeveralThreads_EqualsEager()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        using var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64]));
        var input = RandomImage(1, 64, 80);
        var expected = Eager(net, input);

        Parallel.For(0, 8, _ =>
        {
            using var inner = TensorScope.Begin();
            AssertClose(expected, compiled.Run(input));
        });
    }

    [Fact]
    public void Trace_FunctionThrows_TheExceptionComesOut()
    {
        using var net = PyramidNet.Make();
        using var example = RandomImage(1, 64, 64);

        var error = Assert.Throws<InvalidDataException>(
            () => CompiledModule.Trace(net, _ => throw new InvalidDataException("from the network"), example));

        Assert.Equal("from the network", error.Message);
    }

    [Fact]
    public void Trace_ExampleTooSmall_RecordsTheImages()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        var (small, images) = (RandomImage(1, 16, 16), RandomImage(1, 40, 56));

        using var compiled = CompiledModule.Trace(net, x => Maps(net, x, atLeast: 32), small, images);

        var others = RandomImage(1, 70, 50);
        AssertClose(Eager(net, others), compiled.Run(others));
    }

    [Fact]
    public void Trace_NeitherExampleNorImagesFit_TheErrorSpeaksOfTheImages()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        var (small, images) = (RandomImage(1, 16, 16), RandomImage(1, 24, 56));

        var error = Assert.Throws<ArgumentException>(
            () => CompiledModule.Trace(net, x => Maps(net, x, atLeast: 32), small, images));

        Assert.Equal("got 24 x 56", error.Message);
    }

    [Fact]
    public void Trace_InTrainingMode_SaysWhatToDo()
    {
        using var net = PyramidNet.Make();
        using var example = RandomImage(1, 64, 64);
        net.Train();

        var error = Assert.Throws<InvalidOperationException>(() => CompiledModule.Trace(net, net.Maps, example));

        Assert.Contains("Call module.Eval() first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        using var net = PyramidNet.Make();
        using var example = RandomImage(1, 64, 64);
        var compiled = CompiledModule.Trace(net, net.Maps, example);

        compiled.Dispose();

        Assert.Throws<ObjectDisposedException>(() => compiled.Run(example));
    }

    [Fact]
    public void Describe_ConvolutionsTakeWhatFollows()
    {
        using var net = PyramidNet.Make();
        using var example = RandomImage(1, 64, 64);
        using var compiled = CompiledModule.Trace(net, net.Maps, example);

        var steps = compiled.Describe();

        if (InferencePath.StartsWith("planned with oneDNN", StringComparison.Ordinal))
        {
            Assert.Contains("batch normalisation + sum + activation", steps, StringComparison.Ordinal);
            Assert.DoesNotContain("aten::batch_norm", steps, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith("libtorch's executor: ", steps, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhyNotPlanned_WherePlansCanBeMade_IsNull()
    {
        using var net = PyramidNet.Make();
        using var example = RandomImage(1, 64, 64);
        using var compiled = CompiledModule.Trace(net, net.Maps, example);

        // "libtorch's executor (the reason)" where none can be made.
        var expected = InferencePath.StartsWith("planned", StringComparison.Ordinal)
            ? null
            : InferencePath[(InferencePath.IndexOf('(', StringComparison.Ordinal) + 1)..^1];

        Assert.Equal(expected, compiled.WhyNotPlanned);
    }

    [Fact]
    public void Save_ThenLoad_SameResults()
    {
        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        var input = RandomImage(1, 50, 70);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using (var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64])))
            {
                compiled.Save(path);
            }

            using var loaded = CompiledModule.Load(path);

            AssertClose(Eager(net, input), loaded.Run(input));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_NotAProgram_Throws()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no program");

            Assert.Throws<TorchException>(() => CompiledModule.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Save_OpensInPythonsTorchWithTheModulesKeys()
    {
        if (!File.Exists(Python) || RunPython("import torch").ExitCode != 0)
        {
            return;         // Debian's python3-torch is optional
        }

        using var scope = TensorScope.Begin();
        using var net = PyramidNet.Make();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using (var compiled = CompiledModule.Trace(net, net.Maps, Tensor.Zeros([1, 3, 64, 64])))
            {
                compiled.Save(path);
            }

            var (exitCode, output) = RunPython(
                $"import torch; m = torch.jit.load('{path}'); print(*m.state_dict().keys()); " +
                "print([tuple(y.shape) for y in m(torch.zeros(1, 3, 50, 70))])");

            Assert.Equal(0, exitCode);
            var lines = output.Split('\n');
            Assert.Equal(net.StateDict().Select(entry => entry.Name).Order(), lines[0].Split(' ').Order());
            Assert.Equal("[(1, 24, 25, 35), (1, 24, 7, 9)]", lines[1]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (int ExitCode, string Output) RunPython(string code)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", code])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string InferencePath =>
        TorchRuntime.Describe().Single(entry => entry.Key == "compiled inference").Value;

    private static Tensor[] Maps(PyramidNet net, Tensor images, long atLeast) =>
        images.Size(2) >= atLeast
            ? net.Maps(images)
            : throw new ArgumentException($"got {images.Size(2)} x {images.Size(3)}");

    private static Tensor[] Eager(PyramidNet net, Tensor input)
    {
        using var noGrad = GradMode.NoGrad();
        return net.Maps(input);
    }

    // Deterministic pixels in [-2, 2).
    private static Tensor RandomImage(int batch, int height, int width)
    {
        var values = new float[batch * 3 * height * width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (i * 7919L % 4001 / 1000f) - 2;
        }

        return Tensor.From(values, batch, 3, height, width);
    }

    private static void Initialize(Module net)
    {
        using var generator = new Generator(1);
        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        net.InitWeights(generator);
        FillStatistics(net, "running_var", 0.6);
        FillStatistics(net, "running_mean", 0.1);
        net.Eval();
    }

    private static void FillStatistics(Module net, string suffix, double value)
    {
        foreach (var entry in net.StateDict().Where(entry => entry.Name.EndsWith(suffix, StringComparison.Ordinal)))
        {
            entry.Tensor.CopyFromInPlace(Tensor.Full([entry.Tensor.Size(0)], value));
        }
    }

    private static void AssertClose(Tensor[] expected, Tensor[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.Shape, b.Shape);
            var left = a.ToArray();
            var right = b.ToArray();
            var scale = left.Max(MathF.Abs);
            var error = left.Zip(right, (x, y) => MathF.Abs(x - y)).Max();
            Assert.True(error <= Tolerance * scale, $"{error} of {scale}");
        }
    }

    /// <summary>What detectors are made of: residual sums, pooling, a top-down path, a shared head.</summary>
    private sealed class PyramidNet : Module
    {
        private readonly Conv2d _stem;
        private readonly BatchNorm2d _stemNorm;
        private readonly Conv2d _left;
        private readonly BatchNorm2d _leftNorm;
        private readonly Conv2d _project;
        private readonly BatchNorm2d _projectNorm;
        private readonly Conv2d _down;
        private readonly Conv2d _head;

        private PyramidNet()
        {
            _stem = RegisterChild("stem", new Conv2d(3, 32, new() { Kernel = 7, Stride = 2, Padding = 3 }));
            _stemNorm = RegisterChild("stem_norm", new BatchNorm2d(32));
            _left = RegisterChild("left", new Conv2d(32, 40, new() { Kernel = 3, Padding = 1, Bias = false }));
            _leftNorm = RegisterChild("left_norm", new BatchNorm2d(40));
            _project = RegisterChild("project", new Conv2d(32, 40, new() { Kernel = 1, Bias = false }));
            _projectNorm = RegisterChild("project_norm", new BatchNorm2d(40));
            _down = RegisterChild("down", new Conv2d(40, 40, new() { Kernel = 3, Stride = 2, Padding = 1 }));
            _head = RegisterChild("head", new Conv2d(40, 24, new() { Kernel = 3, Padding = 1 }));
        }

        internal static PyramidNet Make()
        {
            var net = new PyramidNet();
            Initialize(net);
            return net;
        }

        internal Tensor[] Maps(Tensor image)
        {
            var x = _stemNorm.Call(_stem.Call(image));
            Functional.ReluInPlace(x);
            var y = _leftNorm.Call(_left.Call(x));
            y.AddInPlace(_projectNorm.Call(_project.Call(x)));
            Functional.ReluInPlace(y);
            var pooled = Functional.MaxPool2d(y, [3, 3], [2, 2], [1, 1], [1, 1]);
            var low = _down.Call(pooled);
            var high = y + Functional.ResizeNearestLike(low, y);
            return [_head.Call(high), _head.Call(low)];
        }
    }

    /// <summary>Fast forms that RetinaNet does not use: other activations, kernels and norms, concatenation.</summary>
    private sealed class ManyLayersNet : Layer
    {
        private readonly Conv2d _stem;
        private readonly Conv2d _wide;
        private readonly Conv2d _dilated;
        private readonly GroupNorm _norm;
        private readonly Conv2d _strided;
        private readonly Conv2d _joined;

        internal ManyLayersNet()
        {
            _stem = RegisterChild("stem", new Conv2d(3, 32, new() { Kernel = 3, Padding = 1 }));
            _wide = RegisterChild("wide", new Conv2d(32, 48, new() { Kernel = 3, Padding = 1 }));
            _dilated = RegisterChild("dilated", new Conv2d(48, 24, new() { Kernel = 3, Padding = 2, Dilation = 2 }));
            _norm = RegisterChild("norm", new GroupNorm(6, 24));
            _strided = RegisterChild("strided", new Conv2d(48, 16, new() { Kernel = 5, Stride = 2, Padding = 2 }));
            _joined = RegisterChild("joined", new Conv2d(64, 20, new() { Kernel = 1 }));
        }

        protected override Tensor Forward(Tensor input)
        {
            var x = Functional.LeakyRelu(_wide.Call(Functional.LeakyRelu(_stem.Call(input), 0.1)), 0.1);
            var pooled = Functional.MaxPool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], ceilMode: true);
            var left = _norm.Call(_dilated.Call(pooled)).Relu();
            var right = Functional.HardTanh(_strided.Call(x), 0, 6);
            var joined = Tensor.Cat(1, pooled, Functional.ResizeNearestLike(right, pooled));
            var gate = _joined.Call(joined).Sigmoid();
            return Tensor.Cat(1, gate, left);
        }
    }

    /// <summary>Operators that have no fast form, between ones that have.</summary>
    private sealed class OddNet : Layer
    {
        private readonly Conv2d _first;
        private readonly GroupNorm _norm;
        private readonly Conv2d _grouped;

        internal OddNet()
        {
            _first = RegisterChild("first", new Conv2d(3, 16, new() { Kernel = 3, Padding = 2, Dilation = 2 }));
            _norm = RegisterChild("norm", new GroupNorm(4, 16));
            _grouped = RegisterChild("grouped", new Conv2d(16, 16, new() { Kernel = 3, Padding = 1, Groups = 16 }));
        }

        protected override Tensor Forward(Tensor input)
        {
            var x = _norm.Call(_first.Call(input));
            var y = Functional.LeakyRelu(_grouped.Call(x), 0.1) * x;
            var z = Tensor.Cat(1, y, x.Sigmoid());
            z.MulInPlace(2);
            return z.Narrow(1, 4, 20) - 0.5;
        }
    }
}
