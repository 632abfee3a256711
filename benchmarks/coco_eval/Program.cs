using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MMDetSharp.Benchmarks.CocoEval;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;

// CocoEvalBenchmark generate FOLDER            writes annotations.json and results.json
// CocoEvalBenchmark time FOLDER [THREADS]      evaluates them and writes mmdetsharp.json
if (args is ["generate", var target])
{
    SyntheticData.Write(target);
    return 0;
}

if (args is ["time", var folder, .. var rest])
{
    Time(folder, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 2);
    return 0;
}

Console.Error.WriteLine("usage: CocoEvalBenchmark generate FOLDER | time FOLDER [THREADS]");
return 2;

static void Time(string folder, int threads)
{
    var options = new CocoEvaluationOptions { Threads = threads };
    var (load, (annotations, results)) = Measure(() => (
        CocoAnnotations.Load(Path.Combine(folder, "annotations.json")),
        CocoResults.Load(Path.Combine(folder, "results.json"))));
    var (first, evaluation) = Measure(() => CocoEvaluator.Evaluate(annotations, results, options));
    var again = Enumerable.Range(0, 5)
        .Select(_ => Measure(() => CocoEvaluator.Evaluate(annotations, results, options)).Time)
        .MinBy(time => time.Wall);
    var report = new
    {
        program = "MMDetSharp",
        threads,
        load_wall = load.Wall,
        load_cpu = load.Cpu,
        evaluate_wall = first.Wall,
        evaluate_cpu = first.Cpu,
        evaluate_again_wall = again.Wall,
        evaluate_again_cpu = again.Cpu,
        stats = evaluation.Stats,
    };
    File.WriteAllText(Path.Combine(folder, "mmdetsharp.json"), JsonSerializer.Serialize(report));
    Console.WriteLine(evaluation.Summary());
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"load {load.Wall:F2} s, evaluate {first.Wall:F2} s (CPU {first.Cpu:F2} s), best of 5 {again.Wall:F2} s"));
}

static ((double Wall, double Cpu) Time, T Result) Measure<T>(Func<T> work)
{
    using var process = Process.GetCurrentProcess();
    var cpu = process.TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    var result = work();
    var wall = watch.Elapsed.TotalSeconds;
    process.Refresh();
    return ((wall, (process.TotalProcessorTime - cpu).TotalSeconds), result);
}
