using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

// This project as a peer: InferenceBenchmark FOLDER THREADS CONFIG compiled|eager.
// Reads sizes from stdin, answers each with one line of JSON: seconds, and the detections.
// Or: InferenceBenchmark models THREADS ROOT ROUNDS HEIGHTxWIDTH [NAME ...], eager and compiled by turns.
TorchRuntime.Threads = int.Parse(args[1], CultureInfo.InvariantCulture);
using var noGrad = GradMode.NoGrad();
if (args[0] == "models")
{
    var pixels = args[4].Split('x').Select(int.Parse).ToArray();
    ModelRounds.Run(args[2], int.Parse(args[3], CultureInfo.InvariantCulture), (pixels[0], pixels[1]), args[5..]);
    return;
}

using var model = DetectorBuilder.Build(Config.Load(args[2]));
using (var checkpoint = Checkpoint.Read(Path.Combine(args[0], "retinanet.pth")))
{
    ModuleState.Load(model, checkpoint);
}

model.Eval();
var start = Stopwatch.GetTimestamp();
using var compiled = args[3] == "compiled" ? new CompiledExecutor(model) : null;
var executor = new TimedExecutor(compiled ?? (IExecutor)new EagerExecutor());
if (compiled is not null)
{
    using var scope = TensorScope.Begin();
    compiled.Run(model.Parts[0], Tensor.Zeros([1, 3, 128, 128]));
}

Console.Error.WriteLine($"compiled in {Stopwatch.GetElapsedTime(start).TotalSeconds:F3} s");
while (Console.ReadLine() is { } line)
{
    var size = line.Trim().Split('x').Select(int.Parse).ToArray();
    var bytes = File.ReadAllBytes(Path.Combine(args[0], $"image_{line.Trim()}.bin"));
    using var scope = TensorScope.Begin();
    var image = Tensor.From(MemoryMarshal.Cast<byte, float>(bytes), 1, 3, size[0], size[1]);
    var shape = new ImageShape(size[0], size[1], 3);
    var info = new ImageInfo { FileName = line, OriginalShape = shape, ImageShape = shape, PadShape = shape };
    var batch = new Batch(image, [info]);

    var cpuBefore = Environment.CpuUsage.TotalTime;
    start = Stopwatch.GetTimestamp();
    var found = Rows(model.Detect(batch, rescale: false, executor)[0]);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
    Console.WriteLine(JsonSerializer.Serialize(new { seconds, network = executor.Seconds, cpu, detections = found }));
}

static float[][] Rows(Detections found)
{
    var (boxes, scores, labels) = (found.Boxes.ToArray(), found.Scores.ToArray(), found.Labels.ToInt64Array());
    return [.. scores.Select((score, i) => (float[])[.. boxes.AsSpan(4 * i, 4), score, labels[i]])];
}

internal sealed class TimedExecutor(IExecutor inner) : IExecutor
{
    internal double Seconds { get; private set; }

    public MapSet Run(NetworkPart part, Tensor input)
    {
        var start = Stopwatch.GetTimestamp();
        var maps = inner.Run(part, input);
        Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return maps;
    }
}
