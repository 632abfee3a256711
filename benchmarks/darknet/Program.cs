using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Torch.Tensors;

// This project as a peer: DarknetBenchmark CFG WEIGHTS THREADS.
// Reads image files from stdin, answers each with one line of JSON: seconds from the file to the boxes, and the boxes.
TorchRuntime.Threads = int.Parse(args[2], CultureInfo.InvariantCulture);
using var detector = DetectorInferencer.Load(ForeignModel.LoadConfig(args[0], new(), []), args[1]);
while (Console.ReadLine() is { } path)
{
    var cpuBefore = Environment.CpuUsage.TotalTime;
    var start = Stopwatch.GetTimestamp();
    var result = detector.Predict(path);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
    var detections = result.Objects.Select(
        one => (float[])[one.X1, one.Y1, one.X2, one.Y2, one.Score, one.Label]).ToList();
    Console.WriteLine(JsonSerializer.Serialize(new { seconds, cpu, detections }));
}
