using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

// TrainingBenchmark CONFIG CASE [ITERATIONS [DEVICE]]: one training iteration, timed, on what train_pytorch.py wrote to CASE.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var iterations = args.Length > 2 ? int.Parse(args[2]) : 10;
var device = Device.Parse(args.Length > 3 ? args[3] : "cpu");
TorchRuntime.Threads = 2;
var config = Config.Load(args[0], ["model.pretrained=None"]);
using var model = DetectorBuilder.Build(config);
using var file = Checkpoint.Read(args[1]);
ModuleState.Load(model, file);
model.To(device);
model.Train();
var learned = model.NamedParameters().Where(entry => entry.Tensor.RequiresGrad);
using var sgd = new Sgd([new ParameterGroup(learned, 1e-4, 1e-4)], new SgdOptions { Momentum = 0.9 });
using var read = ReadBatch((StoredDictionary)file.Root.AsDictionary()["case"]);
using var batch = read.To(device);
var times = new List<double>();
for (var i = 0; i < iterations; i++)
{
    using var scope = TensorScope.Begin();
    var start = Stopwatch.GetTimestamp();
    var losses = model.ComputeLosses(batch);
    var total = losses.Total();
    sgd.ZeroGrad();
    total.Backward();
    sgd.Step();
    var value = total.Item();
    times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    if (i == 0)
    {
        Console.WriteLine($"first loss {value:F5}");
    }
}

var rest = times.Skip(times.Count > 2 ? 2 : 0).Order().ToArray();
var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
var mebibytes = long.Parse(peak.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
Console.WriteLine($"best {rest[0]:F3} s  median {rest[rest.Length / 2]:F3} s  peak {mebibytes} MiB");

static Batch ReadBatch(StoredDictionary tensors)
{
    var images = tensors["images"].AsTensor().ToTensor();
    var shape = new ImageShape((int)images.Size(2), (int)images.Size(3));
    var infos = Enumerable.Range(0, (int)images.Size(0)).Select(i => new ImageInfo
    {
        FileName = $"{i}",
        OriginalShape = shape,
        ImageShape = shape,
        PadShape = shape,
    });
    var objects = Enumerable.Range(0, (int)images.Size(0)).Select(i => new GroundTruth(
        tensors[$"boxes{i}"].AsTensor().ToTensor(), tensors[$"labels{i}"].AsTensor().ToTensor(), Tensor.Zeros([0, 4])));
    return new Batch(images, [.. infos], [.. objects]);
}
