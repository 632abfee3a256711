using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>
/// A model that was recorded in the reference: its config, weights by the fill rule, the image, the objects, and the
/// values to compare with. All is read from the files, so that any folder of this format will do.
/// </summary>
internal sealed class ModelGolden
{
    // How many times the reference's own noise a value may differ, and at least what part of the tensor's largest
    // element. The noise is the difference between two runs of the reference with other convolution kernels; ours are a
    // third kind, batch norms are folded into convolutions in evaluation, and sums run in another order.
    private const double NoiseFactor = 10;
    private const double LeastPart = 4e-6;

    // Where the noise was not recorded: the largest that other RetinaNets have, times the same factor.
    private const double UnknownPart = 5e-5;
    private const double UnknownGradients = 3e-3;

    // Where the reference's own runs swapped two detections, their noise is the distance between them.
    private const double LargestShift = 0.1;

    private static readonly ConcurrentDictionary<string, Lazy<ModelGolden>> s_opened = new();

    private readonly Lazy<ModelValues> _values;

    private ModelGolden(string name)
    {
        Name = name;
        File = GoldenFile.Open($"{name}.safetensors");
        Noise = Exists($"{name}.noise.json") ? GoldenNoise.Open(name) : null;
        Manifest = Exists($"{name}.manifest.json") ? GoldenManifest.Open(name) : null;
        _values = new(() => ModelRun.Compute(this));
    }

    /// <summary>The file's name without extension.</summary>
    internal string Name { get; }

    /// <summary>The recorded values.</summary>
    internal GoldenFile File { get; }

    /// <summary>The reference's own noise; null where it was not recorded.</summary>
    internal GoldenNoise? Noise { get; }

    /// <summary>Keys and shapes; null where they were not recorded.</summary>
    internal GoldenManifest? Manifest { get; }

    /// <summary>What our model computes, by the names of the recorded values; computed once.</summary>
    internal ModelValues Values => _values.Value;

    /// <summary>The model of this name; each once.</summary>
    internal static ModelGolden Open(string name) =>
        s_opened.GetOrAdd(name, key => new Lazy<ModelGolden>(() => new ModelGolden(key))).Value;

    /// <summary>All recorded models; none where the folder is missing.</summary>
    internal static IReadOnlyList<string> Names { get; } = Directory.Exists(RepositoryFolder.Goldens)
        ? [.. Directory.EnumerateFiles(RepositoryFolder.Goldens, "*.safetensors")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The recorded configs that describe the same network as another one.</summary>
    internal static IReadOnlyList<(string Name, string Config, string Other)> Twins { get; } = FindTwins();

    /// <summary>How far values may be from the recorded ones.</summary>
    internal ModelTolerances Tolerances =>
        Values.LearnsStatistics ? ModelTolerances.LearnedStatistics
        : File.Metadata["config"].StartsWith("pisa/", StringComparison.Ordinal) ? ModelTolerances.PrimeSamples
        : ModelTolerances.Fixed;

    /// <summary>The detector that the registry builds from the recorded config, without weights.</summary>
    internal Detector BuildEmpty()
    {
        var path = ConfigPath(File.Metadata["config"]);
        return DetectorBuilder.Build(
            Config.Parse(Variant(System.IO.File.ReadAllText(path)), path), new FirstOnes());
    }

    /// <summary>Our model, with the recorded weights.</summary>
    internal Detector Build()
    {
        var detector = BuildEmpty();
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        foreach (var entry in detector.StateDict())
        {
            var shape = entry.Tensor.Shape;
            if (GoldenFill.Values(entry.Name, shape, entry.IsParameter) is { } values)
            {
                entry.Tensor.CopyFromInPlace(Tensor.From(values, shape));
            }
        }

        return detector;
    }

    /// <summary>Both images with their objects.</summary>
    internal Batch TrainingBatch()
    {
        var images = Input();
        var count = (int)images.Size(0);
        return new Batch(
            images, [.. Enumerable.Range(0, count).Select(Info)], [.. Enumerable.Range(0, count).Select(Objects)]);
    }

    /// <summary>The first image alone.</summary>
    internal Batch EvaluationBatch() => new(Input().Narrow(0, 0, 1), [Info(0)]);

    /// <summary>The recorded images, (B, 3, H, W).</summary>
    internal Tensor Input()
    {
        var shape = JsonSerializer.Deserialize<long[]>(File.Metadata["input_shape"])!;
        return Tensor.From(GoldenFill.Input(File.Metadata["input_key"], shape), shape);
    }

    /// <summary>What happened to an image.</summary>
    internal ImageInfo Info(int image) => new()
    {
        FileName = $"image {image}",
        OriginalShape = ReadShape($"meta/{image}/img_shape"),
        ImageShape = ReadShape($"meta/{image}/img_shape"),
        PadShape = ReadShape($"meta/{image}/pad_shape"),
    };

    /// <summary>A number of the recording: <c>lr</c>, <c>momentum</c>, <c>weight_decay</c>.</summary>
    internal double Number(string key) => double.Parse(File.Metadata[key], CultureInfo.InvariantCulture);

    /// <summary>Fails unless keys, shapes and what is learned are the recorded ones.</summary>
    internal void AssertStateDict()
    {
        using var detector = BuildEmpty();
        detector.Train();

        // Held-out folders have no manifests, but one norm and one sum of each tensor.
        Assert.Equal(File.Shape("train/state_after/norm")[0], detector.StateDict().Count);
        Assert.Equal(File.Shape("train/grad_norm")[0], detector.NamedParameters().Count());
        if (Manifest is not { } manifest)
        {
            return;
        }

        Assert.Equal(
            manifest.StateDict.Select(entry => $"{entry.Key} ({string.Join(", ", entry.Shape)})"),
            detector.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
        Assert.Equal(
            manifest.Parameters, detector.NamedParameters().Select(entry => (entry.Name, entry.Tensor.RequiresGrad)));
    }

    /// <summary>Fails unless all recorded values of a name were computed, and are equal within the noise.</summary>
    /// <param name="name"><c>train/total</c>, or what all names begin with: <c>eval/head/</c>.</param>
    /// <param name="leastPart">At least this part of a tensor's largest element may differ.</param>
    internal void AssertRecorded(string name, double leastPart = LeastPart)
    {
        var names = name.EndsWith('/') ? File.Names(name) : [name];
        Assert.NotEmpty(names);
        AssertRecorded(names, leastPart);
    }

    /// <summary>As <see cref="AssertRecorded(string, double)"/>; nothing may be recorded: a model without neck.</summary>
    internal void AssertRecordedIfAny(string prefix) => AssertRecorded(File.Names(prefix), LeastPart);

    /// <summary>Fails unless all that was recorded of assigners, samplers and targets was computed, and is equal.</summary>
    internal void AssertTargets()
    {
        string[] others = ["backbone", "neck", "head", "loss", "loss_after", "total", "total_after", "grad_", "state_after"];
        var names = File.Names("train/").Where(name => !Array.Exists(
            others, other => name == $"train/{other}" || name.StartsWith($"train/{other}/", StringComparison.Ordinal)
                || (other.EndsWith('_') && name.StartsWith($"train/{other}", StringComparison.Ordinal)))).ToArray();
        Assert.NotEmpty(names);
        AssertRecorded(names, LeastPart);
    }

    /// <summary>Fails unless a vector of norms or sums, one per parameter, is the recorded one.</summary>
    /// <param name="name"><c>train/grad_norm</c>.</param>
    /// <param name="scale">By name what the entries are compared with besides their own size: norms for sums.</param>
    /// <param name="least">At least this part of the entries and of the scale may differ.</param>
    internal void AssertVector(string name, string scale, double least)
    {
        var (expected, scales, actual) = (File.Doubles(name), File.Doubles(scale), Values[name].Values);
        Assert.Equal(expected.Length, actual.Length);
        var noise = Noise is null ? UnknownGradients : NoiseFactor * Noise.Relative(name).Largest;
        var relative = Math.Max(noise, least);
        var names = Values.Names[name];
        for (var i = 0; i < expected.Length; i++)
        {
            var slack = (relative * Math.Abs(expected[i])) + (least * scales[i]);
            Assert.True(
                (double.IsNaN(expected[i]) && double.IsNaN(actual[i])) || Math.Abs(expected[i] - actual[i]) <= slack,
                $"{name} of {names[i]}: expected {expected[i]:R}, got {actual[i]:R} (tolerance {slack:R}).");
        }
    }

    /// <summary>Fails unless half of a vector's entries differ by no more than the noise does, or by a least part.</summary>
    internal void AssertMedian(string name, double least)
    {
        var (expected, actual) = (File.Doubles(name), Values[name].Values);
        var differences = expected.Zip(actual, (wanted, got) => Math.Abs(wanted - got) / Math.Abs(wanted))
            .Where(double.IsFinite).Order().ToArray();
        var median = differences[differences.Length / 2];
        var tolerance = Math.Max(least, NoiseFactor * (Noise?.Relative(name).Median ?? UnknownGradients));
        Assert.True(median <= tolerance, $"{name}: half of the entries differ by {median:R} (tolerance {tolerance:R}).");
    }

    /// <summary>Fails unless two sets of detections are equal; near ties may swap places.</summary>
    /// <param name="file">Where they were recorded.</param>
    /// <param name="prefix">Of the recorded <c>bboxes</c> (D, 5) and <c>labels</c> (D).</param>
    /// <param name="boxes">(D, 5): ours, with scores.</param>
    /// <param name="labels">(D): ours.</param>
    internal void AssertDetections(GoldenFile file, string prefix, double[] boxes, double[] labels)
    {
        var (expected, expectedLabels) = (file.Doubles($"{prefix}/bboxes"), file.Doubles($"{prefix}/labels"));
        Assert.Equal(expectedLabels.Length, labels.Length);
        var noise = NoiseFactor * (Noise?.Absolute("eval/dets/0/bboxes") ?? 2e-4);
        var tolerance = Math.Clamp(noise, 1e-3, LargestShift); // pixels
        var left = Enumerable.Range(0, labels.Length).ToHashSet();
        for (var i = 0; i < expectedLabels.Length; i++)
        {
            var match = left.Where(j => labels[j] == expectedLabels[i]).OrderBy(j => Distance(i, j)).FirstOrDefault(-1);
            Assert.True(
                match >= 0 && Distance(i, match) <= tolerance,
                $"{prefix}: no detection equals the recorded one {i} (label {expectedLabels[i]}, " +
                $"box {string.Join(", ", expected[(5 * i)..(5 * i + 5)])}); the nearest is " +
                $"{(match < 0 ? "none" : string.Join(", ", boxes[(5 * match)..(5 * match + 5)]))}.");
            left.Remove(match);
        }

        // A score weighs a hundred pixels: 1e-5 of score is as 1e-3 of a pixel.
        double Distance(int i, int j) => Enumerable.Range(0, 5).Max(
            k => Math.Abs(expected[(5 * i) + k] - boxes[(5 * j) + k]) * (k == 4 ? 100 : 1));
    }

    /// <summary>Fails unless a rescaled image, or the image and its mirror image, give the recorded detections.</summary>
    /// <param name="file">Where the case was recorded.</param>
    /// <param name="name">The case: the model's name, a slash, what was done.</param>
    internal static void AssertViews(string file, string name)
    {
        using var scope = TensorScope.Begin();
        var recorded = ComponentGolden.Open(file, name);
        var golden = Open(name.Split('/')[0]);
        using var detector = golden.Build();
        detector.Eval();
        var info = golden.Info(0) with
        {
            ScaleFactor = recorded.Options.Floats("scale_factor")!,
            PadParameters = recorded.Options.Floats("pad_param") is { Length: 4 } padding ? padding : null,
        };
        using var view = new Batch(golden.Input().Narrow(0, 0, 1), [info]);

        using var compiled = new CompiledExecutor(detector);
        foreach (var executor in (IExecutor[])[new EagerExecutor(), compiled])
        {
            var found = recorded.Op == "simple_test"
                ? detector.Detect(view, rescale: true, executor)[0]
                : detector.DetectAugmented([view, Mirror(view)], recorded.Options.Flag("rescale", false), executor);
            var boxes = Tensor.Cat(1, found.Boxes, found.Scores.Unsqueeze(1)).ToDoubleArray();
            golden.AssertDetections(recorded.File, $"{name}/out", boxes, found.Labels.ToDoubleArray());
        }
    }

    // The image's own columns mirrored; the padding on the right stays there.
    private static Batch Mirror(Batch view)
    {
        var (info, width) = (view.Infos[0], view.Images.Size(3));
        var mirrored = view.Images.Narrow(3, 0, info.ImageShape.Width).Flip(3);
        var padding = Tensor.Zeros([1, 3, view.Images.Size(2), width - info.ImageShape.Width]);
        return new Batch(
            Tensor.Cat(3, mirrored, padding), [info with { FlipDirection = FlipDirection.Horizontal }]);
    }

    private static (string, string, string)[] FindTwins()
    {
        if (!Directory.Exists(RepositoryFolder.Goldens))
        {
            return [];
        }

        return
        [
            .. from path in Directory.EnumerateFiles(RepositoryFolder.Goldens, "*.manifest.json").Order(StringComparer.Ordinal)
               let name = Path.GetFileName(path)[..^".manifest.json".Length]
               let root = GoldenManifest.OpenRoot(name)
               where root.TryGetProperty("same_model_as", out _)
               select (name, root.GetProperty("config").GetString()!, root.GetProperty("same_model_as").GetString()!.Split('/')[^1]),
        ];
    }

    private static bool Exists(string file) => System.IO.File.Exists(Path.Combine(RepositoryFolder.Goldens, file));

    private static string ConfigPath(string config) => Path.Combine(RepositoryFolder.Root, "configs", $"{config}.py");

    // One recipe describes four sizes of YOLOv5, and VFNet was recorded with the reference's targets and with right ones;
    // which it was is only in the file's name.
    private string Variant(string config) => Name switch
    {
        ['r', 'r', '_', 'y', 'o', 'l', 'o', 'v', '5', var size, ..] =>
            config.Replace("_yolo_type = 0", $"_yolo_type = {"smlx".IndexOf(size)}", StringComparison.Ordinal),
        "vfnet_r50_fpn_1x_coco" =>
            config.Replace("type='VFNetHead',", "type='VFNetHead', reg_decoded_bbox=False,", StringComparison.Ordinal),
        _ => config,
    };

    private void AssertRecorded(IEnumerable<string> names, double leastPart)
    {
        foreach (var name in names)
        {
            var (values, shape) = Values[name];
            File.AssertClose(name, values, shape, Tolerance(name, leastPart));
        }
    }

    private double Tolerance(string name, double leastPart)
    {
        var stored = File.IsSubsampled(name) ? name + "#sub" : name;
        var largest = File.Doubles(stored).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return Noise is null
            ? Math.Max(UnknownPart, leastPart) * largest
            : Math.Max(NoiseFactor * Noise.Absolute(name), leastPart * largest);
    }

    private GroundTruth Objects(int image)
    {
        var boxes = File.Floats($"gt/{image}/bboxes");
        var labels = File.Int64s($"gt/{image}/labels");
        return new GroundTruth(
            Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
    }

    private ImageShape ReadShape(string name) =>
        File.Int32s(name) is [var height, var width, ..] ? new(height, width) : throw new InvalidDataException(name);
}
