using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

/// <summary>Eager and compiled inference of the reference's recipes, by turns in one process, with fresh weights.</summary>
internal static class ModelRounds
{
    /// <summary>Prints one row for each detector.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="rounds">Images of each kind of inference.</param>
    /// <param name="size">Height and width of the image.</param>
    /// <param name="names">Detectors of the model zoo; none: all.</param>
    internal static void Run(string root, int rounds, (int Height, int Width) size, IReadOnlyCollection<string> names)
    {
        Console.WriteLine("| detector | GMAC | eager best, ms | median | compiled best, ms | median | ratio | difference |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var model in ModelZoo.Models.Where(model => names.Count == 0 || names.Contains(model.Name)))
        {
            var config = Config.Load(Path.Combine(root, model.CocoRecipe));
            using var detector = DetectorBuilder.Build(config);
            using var generator = new Generator(1);
            detector.InitWeights(generator);
            detector.Eval();
            using var compiled = new CompiledExecutor(detector);
            var (eager, fast) = (new List<double>(), new List<double>());
            for (var round = 0; round <= rounds; round++)
            {
                var (slow, quick) = (Time(detector, new EagerExecutor(), size), Time(detector, compiled, size));
                if (round > 0) // the first one records and warms up
                {
                    eager.Add(slow);
                    fast.Add(quick);
                }
            }

            var work = DetectorSize.Measure(config, size.Height, size.Width).MultiplyAdds / 1e9;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {model.Title} | {work:0} | {eager.Min():0} | {Median(eager):0} | {fast.Min():0} | {Median(fast):0} | ") +
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Median([.. eager.Zip(fast, (slow, quick) => slow / quick)]):0.00} | {Difference(detector, compiled, size):0.0e+0} |"));
        }
    }

    private static double Time(Detector detector, IExecutor executor, (int Height, int Width) size)
    {
        using var scope = TensorScope.Begin();
        var shape = new ImageShape(size.Height, size.Width, 3);
        var info = new ImageInfo { FileName = "noise", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        var batch = new Batch(Noise(size), [info]);
        var start = Stopwatch.GetTimestamp();
        _ = detector.Detect(batch, rescale: false, executor);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // The largest of all maps, as a part of the map's largest element.
    private static double Difference(Detector detector, CompiledExecutor compiled, (int Height, int Width) size)
    {
        using var scope = TensorScope.Begin();
        var image = Noise(size);
        var (expected, found) = (new EagerExecutor().Run(detector.Parts[0], image), compiled.Run(detector.Parts[0], image));
        return expected.Tensors.Zip(found.Tensors).Max(pair =>
            (pair.First - pair.Second).Abs().Max().Item() / Math.Max(pair.First.Abs().Max().Item(), 1e-30));
    }

    private static Tensor Noise((int Height, int Width) size)
    {
        using var generator = new Generator(2);
        var image = Tensor.Zeros([1, 3, size.Height, size.Width]);
        image.UniformInPlace(-2, 2, generator);
        return image;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
