using MMDetSharp.Core.Configs;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>Every recorded RetinaNet: keys, maps, anchors, targets, losses, gradients, a step, detections.</summary>
[Trait("Category", "Golden")]
public sealed class RetinaNetGoldenTests
{
    private const string Views = "components/postproc.safetensors";

    private static readonly string[] s_names = ModelGolden.Names(model =>
        TypeOf(model, "backbone") == "ResNet" && TypeOf(model, "neck") == "FPN"
        && TypeOf(model, "bbox_head") == "RetinaHead"
        && TypeOf((ConfigNode)model["bbox_head"], "loss_cls") == "FocalLoss");

    public static TheoryData<string> Models => [.. s_names];

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
        golden.AssertRecorded("eval/neck/");
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
        golden.AssertRecorded("train/neck/");
        golden.AssertRecorded("train/head/");
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Targets_Training_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertRecorded("train/get_anchors/");
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
        golden.AssertRecorded("train/total_after");
        golden.AssertRecorded("train/loss_after/");
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Gradients_OfEveryParameter_AreRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        // A sum of gradients of both signs cancels: it is compared with the gradient's norm as well.
        golden.AssertVector("train/grad_norm", "train/grad_norm", 1e-4);
        golden.AssertVector("train/grad_sum", "train/grad_norm", 1e-3);
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void State_AfterAStep_IsRecorded(string name)
    {
        var golden = ModelGolden.Open(name);

        golden.AssertVector("train/state_after/norm", "train/state_after/norm", 1e-6);
        golden.AssertVector("train/state_after/sum", "train/state_after/norm", 1e-5);
    }

    [GoldenTheory(Views)]
    [MemberData(nameof(ViewCases))]
    public void Detect_RescaledAndMirroredViews_AreRecorded(string name) => ModelGolden.AssertViews(Views, name);

    private static string? TypeOf(ConfigNode node, string key) =>
        node.TryGet(key, out var part) && part is ConfigNode inner && inner["type"] is ConfigScalar type
            ? type.Content as string
            : null;
}
