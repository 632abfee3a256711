using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Models.Detectors.Darknet;
using MMDetSharp.Tests.Support;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors.Darknet;

/// <summary>
/// What AlexeyAB's Darknet (commit 59596d78, CPU) gives in front of each detection layer, recorded for real and synthetic
/// weights. It folds norms into kernels before it computes; sums are rounded in another order: 1e-3 of the largest value.
/// </summary>
[Trait("Category", "Golden")]
public sealed class DarknetReferenceTests
{
    private const double Tolerance = 1e-3;

    // OpenCV's norms have epsilon 1e-6 and its rows only scores above 0.2.
    private const float OpenCvThreshold = 0.2f;
    private const double OpenCvTolerance = 0.01;

    [SharedFact("reference/raw/yolo-fastest-1.1")]
    public void Maps_YoloFastest_AreDarknets() => Compare("yolo-fastest/yolo-fastest-1.1", "yolo-fastest-1.1/");

    [SharedFact("reference/raw/MobileNetV2-YOLOv3-Nano-coco")]
    public void Maps_SqueezeAndExcite_AreDarknets() =>
        Compare("mobilenet-yolo/MobileNetV2-YOLOv3-Nano-coco", "MobileNetV2-YOLOv3-Nano-coco/");

    [SharedFact("reference/raw/tiny-yolov2-trial3")]
    public void Maps_Region_AreDarknets() => Compare("yolo-lite/tiny-yolov2-trial3", "tiny-yolov2-trial3/");

    [SharedFact("reference/raw/yoloface-50k")]
    public void Maps_YoloFace_AreDarknets() => Compare("yoloface/yoloface-50k", "yoloface-50k/");

    [SharedFact("reference/raw/synthetic-slim")]
    public void Maps_SlimOfficialNetworks_AreDarknets()
    {
        foreach (var name in (string[])["yolov3-slim", "yolov3-tiny-slim", "yolov4-slim", "yolov4-tiny-slim"])
        {
            Compare($"synthetic-slim/{name}", $"synthetic-slim/{name}.", "synthetic-slim/dog_160_input.npy");
        }
    }

    private static void Compare(string model, string reference, string? input = null)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = Load(model);
        var images = Read(input ?? $"{reference}input.npy");
        using var compiled = new CompiledExecutor(detector);

        var maps = detector.Parts[0].Forward(images).Tensors;
        var fast = compiled.Run(detector.Parts[0], images).Tensors;

        RequireSameBoxes(detector, maps, images, reference);
        var expected = Recorded(reference, "darknet.layer*.conv.npy");
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count, maps.Length);
        for (var i = 0; i < maps.Length; i++)
        {
            var recorded = Read(expected[i]).Reshape([.. maps[i].Shape]);
            var largest = recorded.Abs().Max().Item();
            Assert.InRange((maps[i] - recorded).Abs().Max().Item() / largest, 0, Tolerance);
            Assert.InRange((fast[i] - recorded).Abs().Max().Item() / largest, 0, Tolerance);
        }
    }

    // Boxes of the recorded maps behind the sigmoids, and OpenCV's rows, against those of our maps in front of them.
    private static void RequireSameBoxes(DarknetDetector detector, Tensor[] maps, Tensor images, string reference)
    {
        var size = new ImageShape((int)images.Size(2), (int)images.Size(3));
        List<DarknetCandidate> Found(double threshold) => new DarknetDecoder(
            [.. detector.Network.Detections], new() { ScoreThreshold = threshold }).Candidates(maps, 0, size);

        var layers = detector.Network.Detections.ToList();
        var activated = Recorded(reference, "darknet.layer*.yolo.npy").Zip(layers)
            .Where(pair => pair.Second.Yolo is not null)
            .SelectMany(pair => Boxes(Read(pair.First), pair.Second.Yolo!, size)).ToList();
        if (layers.TrueForAll(layer => layer.Yolo is not null))
        {
            Assert.NotEmpty(activated);
            RequireTwins(activated, Found(OpenCvThreshold), 1e-3);
            RequireTwins(Found(OpenCvThreshold), activated, 1e-3);
        }

        if (Recorded(reference, "cv2.*.npy") is { Count: > 0 } rows)
        {
            List<DarknetCandidate> expected = [.. rows.SelectMany(path => Rows(Read(path)))];
            RequireTwins(expected, Found(OpenCvThreshold), OpenCvTolerance);
            if (activated.Count > 0) // behind a region layer OpenCV suppresses boxes at once
            {
                RequireTwins(Found(OpenCvThreshold), expected, OpenCvTolerance);
            }
        }
    }

    private static void RequireTwins(List<DarknetCandidate> some, List<DarknetCandidate> others, double tolerance) => Assert.All(
        some.Where(one => one.Score > OpenCvThreshold + tolerance),
        one => Assert.Contains(others, other =>
            other.Label == one.Label && Math.Abs(other.Score - one.Score) < tolerance
            && Math.Abs(other.Box.X - one.Box.X) < tolerance && Math.Abs(other.Box.Y - one.Box.Y) < tolerance
            && Math.Abs(other.Box.Width - one.Box.Width) < tolerance * Math.Max(one.Box.Width, 1)
            && Math.Abs(other.Box.Height - one.Box.Height) < tolerance * Math.Max(one.Box.Height, 1)));

    // yolo_layer.c, get_yolo_box, on a map that Darknet has put behind its sigmoids.
    private static IEnumerable<DarknetCandidate> Boxes(Tensor map, YoloLayerOptions layer, ImageShape input)
    {
        var (values, height, width) = (map.ToArray(), (int)map.Size(-2), (int)map.Size(-1));
        float At(int anchor, int entry, int place) =>
            values[(((anchor * (5 + layer.Classes)) + entry) * height * width) + place];
        return
            from anchor in Enumerable.Range(0, layer.Mask.Count)
            from place in Enumerable.Range(0, height * width)
            let shape = layer.Anchors[layer.Mask[anchor]]
            from label in Enumerable.Range(0, layer.Classes)
            let score = At(anchor, 4, place) * At(anchor, 5 + label, place)
            where score > OpenCvThreshold
            select new DarknetCandidate(
                new(
                    ((place % width) + At(anchor, 0, place)) / width,
                    ((place / width) + At(anchor, 1, place)) / height,
                    MathF.Exp(At(anchor, 2, place)) * shape.Width / input.Width,
                    MathF.Exp(At(anchor, 3, place)) * shape.Height / input.Height),
                label,
                score);
    }

    // (N, 5 + K): centre, size, objectness, scores.
    private static IEnumerable<DarknetCandidate> Rows(Tensor rows)
    {
        var (values, width) = (rows.ToArray(), (int)rows.Size(1));
        return values.Chunk(width).SelectMany(row => row.Skip(5).Index().Where(score => score.Item > 0)
            .Select(score => new DarknetCandidate(new(row[0], row[1], row[2], row[3]), score.Index, score.Item)));
    }

    private static DarknetDetector Load(string model)
    {
        var path = Path.Combine(RepositoryFolder.Shared, "weights", model);
        var detector = (DarknetDetector)DetectorBuilder.Build(
            Config.Parse($"model = dict(type='DarknetDetector', cfg='{path}.cfg')"));
        DarknetWeights.Load(detector, $"{path}.weights");
        detector.Eval();
        return detector;
    }

    private static Tensor Read(string path)
    {
        var (values, shape) = NpyFile.Read(Path.Combine(RepositoryFolder.Shared, "reference/raw", path));
        return Tensor.From(values, shape);
    }

    private static List<string> Recorded(string reference, string pattern)
    {
        var (folder, start) = (Path.GetDirectoryName(reference)!, Path.GetFileName(reference));
        return
        [
            .. Directory.EnumerateFiles(
                    Path.Combine(RepositoryFolder.Shared, "reference/raw", folder), start + pattern)
                .OrderBy(path => int.Parse(
                    "0" + string.Concat(path.Split(".layer")[^1].TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture)),
        ];
    }
}
