using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

// LoadBenchmark CONFIG train|infer SECONDS: a program that uses the library, for that long after two seconds of warming up.
// Prints images a second, and processor seconds per 1000 images.
const int Size = 128;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = double.Parse(args[2]);
using var model = DetectorBuilder.Build(Config.Load(args[0]));
if (args[1] == "train")
{
    Measure(8, Training(model));
}
else
{
    model.Eval();
    using var noGrad = GradMode.NoGrad();
    using var images = Tensor.Zeros([1, 3, Size, Size]);
    using var compiled = new CompiledExecutor(model);
    Measure(1, () =>
    {
        using var scope = TensorScope.Begin();
        _ = model.Detect(new Batch(images, [Info(0)]), rescale: false, compiled);
    });
}

void Measure(int images, Action work)
{
    Run(work, 2);
    var cpuBefore = Environment.CpuUsage.TotalTime;
    var (count, wall) = Run(work, seconds);
    var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
    Console.WriteLine($"{images * count / wall:F1} {1000 * cpu / (images * count):F2}");
}

static (int Count, double Seconds) Run(Action work, double seconds)
{
    var start = Stopwatch.GetTimestamp();
    var count = 0;
    for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
    {
        work();
    }

    return (count, Stopwatch.GetElapsedTime(start).TotalSeconds);
}

static Action Training(Detector model)
{
    model.Train();
    var learned = model.NamedParameters().Where(entry => entry.Tensor.RequiresGrad);
    var sgd = new Sgd([new ParameterGroup(learned, 1e-4, 1e-4)], new SgdOptions { Momentum = 0.9 });
    var batch = new Batch(
        Tensor.Zeros([8, 3, Size, Size]),
        [.. Enumerable.Range(0, 8).Select(Info)],
        [.. Enumerable.Range(0, 8).Select(_ => Objects())]);
    return () =>
    {
        using var scope = TensorScope.Begin();
        var total = model.ComputeLosses(batch).Total();
        sgd.ZeroGrad();
        total.Backward();
        sgd.Step();
    };
}

static GroundTruth Objects() =>
    new(Tensor.From([20f, 20, 60, 60], 1, 4), Tensor.From([1L], 1), Tensor.Zeros([0, 4]));

static ImageInfo Info(int index)
{
    var shape = new ImageShape(Size, Size);
    return new() { FileName = $"{index}", OriginalShape = shape, ImageShape = shape, PadShape = shape };
}
