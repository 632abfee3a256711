using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

// What assignment and losses take of an iteration: AssignmentBenchmark ROOT ROUNDS [NAME ...], detectors of the model zoo.
// A batch of 2 at 800x1216 with 20 objects an image; medians, in milliseconds.
var (root, rounds, names) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args.Skip(2).ToHashSet());
Console.WriteLine("| detector | iteration, ms | forward | assignment | losses | backward | assignment's share |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
foreach (var model in ModelZoo.Models.Where(model => names.Count == 0 || names.Contains(model.Name)))
{
    using var detector = (SingleStageDetector)DetectorBuilder.Build(Config.Load(Path.Combine(root, model.CocoRecipe)));
    using var generator = new Generator(1);
    detector.InitWeights(generator);
    detector.UseRandomness(generator);
    detector.Train();
    var times = new List<double[]>();
    for (var round = 0; round <= rounds; round++)
    {
        var measured = Iteration(detector, generator);
        if (round > 0)
        {
            times.Add(measured);
        }
    }

    // Losses hold the assignment: it is taken out.
    double[] median = [.. Enumerable.Range(0, 4).Select(i => times.Select(time => time[i]).Order().ElementAt(rounds / 2))];
    var (forward, assignment, losses, backward) = (median[0], median[1], median[2], median[3]);
    var whole = forward + losses + backward;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {model.Title} | {whole:0} | {forward:0} | {assignment:0.0} | {losses - assignment:0} | {backward:0} | {assignment / whole:0.0%} |"));
}

static double[] Iteration(SingleStageDetector detector, Generator generator)
{
    using var scope = TensorScope.Begin();
    using var batch = Batch(generator);
    var start = Stopwatch.GetTimestamp();
    var maps = detector.ForwardDense(batch.Images);
    var forward = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    start = Stopwatch.GetTimestamp();
    using (GradMode.NoGrad())
    {
        _ = ((IPositivePlaces)detector.Head.Criterion!).Positives(maps, batch);
    }

    var assignment = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    start = Stopwatch.GetTimestamp();
    var loss = detector.Head.ComputeLosses(maps, batch).Total();
    var losses = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    start = Stopwatch.GetTimestamp();
    loss.Backward();
    detector.ZeroGrad();
    return [forward, assignment, losses, Stopwatch.GetElapsedTime(start).TotalMilliseconds];
}

static Batch Batch(Generator generator)
{
    var shape = new ImageShape(800, 1216, 3);
    var info = new ImageInfo { FileName = "noise", OriginalShape = shape, ImageShape = shape, PadShape = shape };
    var images = Tensor.Zeros([2, 3, 800, 1216]);
    images.UniformInPlace(-2, 2, generator);
    var random = new Random(3);
    return new Batch(images, [info, info], [Objects(random), Objects(random)]);
}

// From 16 to 400 pixels, evenly by octaves.
static GroundTruth Objects(Random random)
{
    float[] boxes =
    [
        .. Enumerable.Range(0, 20).SelectMany(_ =>
        {
            var (width, height) = (16 * MathF.Pow(25, random.NextSingle()), 16 * MathF.Pow(25, random.NextSingle()));
            var (x, y) = (random.NextSingle() * (1216 - width), random.NextSingle() * (800 - height));
            return (float[])[x, y, x + width, y + height];
        }),
    ];
    return new GroundTruth(
        Tensor.From(boxes, 20, 4), Tensor.From([.. Enumerable.Range(0, 20).Select(i => (long)i)], 20), Tensor.Zeros([0, 4]));
}
