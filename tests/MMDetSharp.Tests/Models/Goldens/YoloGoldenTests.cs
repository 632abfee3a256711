using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>Every recorded YOLO: keys, maps, anchors, targets, losses, gradients, a step, detections.</summary>
[Trait("Category", "Golden")]
public sealed class YoloGoldenTests
{
    private const string Views = "components/postproc.safetensors";

    // A value before a leaky ReLU that is nearly 0 may fall on its other side with other kernels: its gradient changes
    // tenfold, and batch statistics spread that over the layers below. Where the reference's two runs differ in such a
    // place their gradients differ by up to 2.2e-2, half of them by 5e-3; where by chance they do not, by 2e-6.
    private const double Flipped = 3e-2;
    private const double FlippedMedian = 5e-3;

    // The step carries these differences into the second forward pass: up to 2.8e-3 seen, noise files up to 0.3.
    private const double AfterStep = 1e-2;

    private static readonly string[] s_names = ModelGolden.Names(IsYolo);

    public static TheoryData<string> Models => [.. s_names.Where(name => !IsLarge(name))];

    /// <summary>Those that take long, for <see cref="LargeYoloGoldenTests"/>.</summary>
    public static TheoryData<string> LargeModels => [.. s_names.Where(IsLarge)];

    public static TheoryData<string> ViewCases =>
    [
        .. ComponentGolden.CaseNames(Views, "simple_test", "aug_test").Where(name => s_names.Contains(name.Split('/')[0])),
    ];

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void StateDict_Recorded_HasTheKeysAndShapes(string name) => ModelGolden.Open(name).AssertStateDict();

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Maps_Evaluation_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("eval/backbone/");
        golden.AssertRecordedIfAny("eval/neck/");
        golden.AssertRecorded("eval/head/");
        golden.AssertRecorded("anchors/");
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Detections_Evaluation_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertDetections(
            golden.File, "eval/dets/0",
            golden.Values["eval/dets/0/bboxes"].Values, golden.Values["eval/dets/0/labels"].Values);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Maps_Training_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("train/backbone/");
        golden.AssertRecordedIfAny("train/neck/");
        golden.AssertRecorded("train/head/");
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Targets_Training_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("train/assign/");
        golden.AssertRecorded("train/get_targets/");
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Losses_BeforeAndAfterAStep_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("train/loss/");
        golden.AssertRecorded("train/total");
        golden.AssertRecorded("train/loss_after/", AfterStep);
        golden.AssertRecorded("train/total_after", AfterStep);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Gradients_OfEveryParameter_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertVector("train/grad_norm", "train/grad_norm", Flipped);
        golden.AssertMedian("train/grad_norm", FlippedMedian);

        // Differences of a whole channel have one sign: their sum may reach the norm.
        golden.AssertVector("train/grad_sum", "train/grad_norm", 1);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void State_AfterAStep_IsRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertVector("train/state_after/norm", "train/state_after/norm", 1e-4);
        golden.AssertVector("train/state_after/sum", "train/state_after/norm", 1e-3);
    }

    [GoldenTheory("yolov3_d53_320_273e_coco.manifest.json")]
    [MemberData(nameof(Twins))]
    public void StateDict_SameModelAsAnother_HasItsKeysAndShapes(string name)
    {
        var recorded = GoldenManifest.OpenRoot(name);
        var other = recorded.GetProperty("same_model_as").GetString()!.Split('/')[^1];
        var path = RepositoryFolder.Under($"configs/{recorded.GetProperty("config").GetString()}.py");
        using var detector = DetectorBuilder.Build(Config.Load(path));

        Assert.Equal(
            GoldenManifest.Open(other).StateDict.Select(entry => $"{entry.Key} ({string.Join(", ", entry.Shape)})"),
            detector.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
    }

    [GoldenTheory(Views)]
    [MemberData(nameof(ViewCases))]
    public void Detect_RescaledAndMirroredViews_AreRecorded(string name) => ModelGolden.AssertViews(Views, name);

    /// <summary>The recorded configs that describe the same network as another one.</summary>
    public static TheoryData<string> Twins => !Directory.Exists(RepositoryFolder.Goldens)
        ? []
        : [.. Directory.EnumerateFiles(RepositoryFolder.Goldens, "yolov3_*.manifest.json")
            .Where(path => File.ReadAllText(path).Contains("same_model_as", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path).Split('.')[0])];

    private static bool IsLarge(string name) =>
        name.StartsWith("rr_yolov5l", StringComparison.Ordinal) || name.StartsWith("rr_yolov5x", StringComparison.Ordinal);

    private static bool IsYolo(ConfigNode model) =>
        model.TryGet("bbox_head", out var part) && part is ConfigNode head
        && head["type"] is ConfigScalar { Content: string type }
        && type.Contains("yolo", StringComparison.OrdinalIgnoreCase);
}
