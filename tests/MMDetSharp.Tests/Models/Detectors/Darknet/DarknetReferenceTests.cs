using System.Globalization;

using MMDetSharp.Core.Configs;
using MMDetSharp.Engine.Conversion;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Detectors.Darknet;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Compilation;
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
        using var compiled = CompiledModule.Trace(detector, detector.ForwardDense, Tensor.Zeros([2, images.Size(1), 64, 64]));

        var maps = detector.ForwardDense(images);
        var fast = compiled.Run(images);

        var expected = Recorded(reference);
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

    private static List<string> Recorded(string reference)
    {
        var (folder, start) = (Path.GetDirectoryName(reference)!, Path.GetFileName(reference));
        return
        [
            .. Directory.EnumerateFiles(
                    Path.Combine(RepositoryFolder.Shared, "reference/raw", folder), $"{start}darknet.layer*.conv.npy")
                .OrderBy(path => int.Parse(
                    path.Split(".layer")[1].Split('.')[0], CultureInfo.InvariantCulture)),
        ];
    }
}
