using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>
/// Every recorded model that can be built: keys, maps, targets, losses, gradients, a step, detections. A new detector adds
/// at most a row to <see cref="TargetValues"/>, and leaves <see cref="s_notYet"/>.
/// </summary>
[Trait("Category", "Golden")]
public sealed class ModelGoldenTests
{
    private const string Views = "components/postproc.safetensors";

    // Recorded, and not built yet: a type of the config is unknown.
    private static readonly string[] s_notYet =
    [
        "bbox_r50_grid_center_fpn_gn-neck+head_1x_coco", "bbox_r50_grid_fpn_gn-neck+head_1x_coco",
        "cascade_rcnn_r50_fpn_1x_coco", "centripetalnet_hourglass104_mstest_16x6_210e_coco",
        "cornernet_hourglass104_mstest_32x3_210e_coco", "dynamic_rcnn_r50_fpn_1x", "faster_rcnn_r50_fpn_1x_coco",
        "ga_faster_r50_fpn_1x_coco", "libra_faster_rcnn_r50_fpn_1x_coco",
        "reppoints_minmax_r50_fpn_gn-neck+head_1x_coco",
        "reppoints_moment_r50_fpn_1x_coco", "reppoints_moment_r50_fpn_gn-neck+head_1x_coco",
        "reppoints_partial_minmax_r50_fpn_gn-neck+head_1x_coco", "reppoints_v2_r50_fpn_1x_coco",
        "reppoints_v2_r50_fpn_giou_1x_coco", "sabl_cascade_rcnn_r50_fpn_1x_coco", "sabl_faster_rcnn_r50_fpn_1x_coco",
    ];

    // These take a minute: they run with the long tests.
    private static readonly string[] s_large = ["rr_yolov5l_416_coco", "rr_yolov5x_416_coco"];

    private static readonly string[] s_built = [.. ModelGolden.Names.Except(s_notYet)];

    public static TheoryData<string> Models => [.. s_built.Except(s_large)];

    public static TheoryData<string> LargeModels => [.. s_built.Intersect(s_large)];

    public static TheoryData<string> NotYet => [.. ModelGolden.Names.Intersect(s_notYet)];

    public static TheoryData<string> ViewCases =>
    [
        .. ComponentGolden.CaseNames(Views, "simple_test", "aug_test").Where(name => s_built.Contains(name.Split('/')[0])),
    ];

    /// <summary>The recorded configs that describe the same network as another one.</summary>
    public static TheoryData<string> Twins => [.. ModelGolden.Twins.Where(twin => !s_notYet.Contains(twin.Other)).Select(twin => twin.Name)];

    [GoldenTheory]
    [MemberData(nameof(NotYet))]
    public void Build_ListedAsNotBuilt_NamesTheUnknownType(string name)
    {
        var error = Assert.Throws<ConfigException>(() => ModelGolden.Open(name).BuildEmpty());

        Assert.Contains("must name a", error.Message, StringComparison.Ordinal);
    }

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
    public void Detections_EagerAndCompiled_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        foreach (var ours in (string[])["eval/dets/0", "eval/dets/0/compiled"])
        {
            golden.AssertDetections(
                golden.File, "eval/dets/0", golden.Values[$"{ours}/bboxes"].Values, golden.Values[$"{ours}/labels"].Values);
        }
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
    public void Targets_Training_AreRecorded(string name) => ModelGolden.Open(name).AssertTargets();

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Losses_BeforeAndAfterAStep_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("train/loss/");
        golden.AssertRecorded("train/total");
        golden.AssertRecorded("train/loss_after/", golden.Tolerances.AfterStep);
        golden.AssertRecorded("train/total_after", golden.Tolerances.AfterStep);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Gradients_OfEveryParameter_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        // A sum of gradients of both signs cancels: it is compared with the gradient's norm as well.
        golden.AssertVector("train/grad_norm", "train/grad_norm", golden.Tolerances.GradientNorm);
        golden.AssertMedian("train/grad_norm", golden.Tolerances.GradientMedian);
        golden.AssertVector("train/grad_sum", "train/grad_norm", golden.Tolerances.GradientSum);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void State_AfterAStep_IsRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertVector("train/state_after/norm", "train/state_after/norm", golden.Tolerances.State);
        golden.AssertVector("train/state_after/sum", "train/state_after/norm", golden.Tolerances.State * 10);
    }

    [GoldenTheory]
    [Trait("Category", "Long")]
    [MemberData(nameof(LargeModels))]
    public void Everything_OfALargeModel_IsRecorded(string name)
    {
        StateDict_Recorded_HasTheKeysAndShapes(name);
        Maps_Evaluation_AreRecorded(name);
        Detections_EagerAndCompiled_AreRecorded(name);
        Maps_Training_AreRecorded(name);
        Targets_Training_AreRecorded(name);
        Losses_BeforeAndAfterAStep_AreRecorded(name);
        Gradients_OfEveryParameter_AreRecorded(name);
        State_AfterAStep_IsRecorded(name);
    }

    [GoldenTheory("yolov3_d53_320_273e_coco.manifest.json")]
    [MemberData(nameof(Twins))]
    public void StateDict_SameModelAsAnother_HasItsKeysAndShapes(string name)
    {
        var (_, config, other) = ModelGolden.Twins.Single(twin => twin.Name == name);
        using var detector = DetectorBuilder.Build(Config.Load(RepositoryFolder.Under($"configs/{config}.py")));

        Assert.Equal(
            GoldenManifest.Open(other).StateDict.Select(entry => $"{entry.Key} ({string.Join(", ", entry.Shape)})"),
            detector.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
    }

    [GoldenTheory(Views)]
    [MemberData(nameof(ViewCases))]
    public void Detect_RescaledAndMirroredViews_AreRecorded(string name) => ModelGolden.AssertViews(Views, name);
}
