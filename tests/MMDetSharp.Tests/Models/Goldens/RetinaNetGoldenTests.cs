using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Structures;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

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
    public void StateDict_Recorded_HasTheKeysAndShapes(string name)
    {
        var golden = ModelGolden.Open(name);
        if (golden.Manifest is not { } manifest)
        {
            return; // held-out folders have none
        }

        using var detector = golden.BuildEmpty();
        detector.Train();

        Assert.Equal(
            manifest.StateDict.Select(entry => $"{entry.Key} ({string.Join(", ", entry.Shape)})"),
            detector.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
        Assert.Equal(
            manifest.Parameters, detector.NamedParameters().Select(entry => (entry.Name, entry.Tensor.RequiresGrad)));
    }

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
    public void Detect_RescaledAndMirroredViews_AreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var recorded = ComponentGolden.Open(Views, name);
        var golden = ModelGolden.Open(name.Split('/')[0]);
        using var detector = golden.Build();
        detector.Eval();
        var info = golden.Info(0) with { ScaleFactor = recorded.Options.Floats("scale_factor")! };
        using var picture = new Batch(golden.Input().Narrow(0, 0, 1), [info]);

        var found = recorded.Op == "simple_test"
            ? detector.Detect(picture, rescale: true)[0]
            : detector.DetectAugmented([picture, Mirror(picture)], recorded.Options.Flag("rescale", false));

        var boxes = Tensor.Cat(1, found.Boxes, found.Scores.Unsqueeze(1)).ToDoubleArray();
        golden.AssertDetections(recorded.File, $"{name}/out", boxes, found.Labels.ToDoubleArray());
    }

    // The picture's own columns mirrored; the padding on the right stays there.
    private static Batch Mirror(Batch picture)
    {
        var (info, width) = (picture.Infos[0], picture.Images.Size(3));
        var mirrored = picture.Images.Narrow(3, 0, info.ImageShape.Width).Flip(3);
        var padding = Tensor.Zeros([1, 3, picture.Images.Size(2), width - info.ImageShape.Width]);
        return new Batch(
            Tensor.Cat(3, mirrored, padding), [info with { FlipDirection = FlipDirection.Horizontal }]);
    }

    private static string? TypeOf(ConfigNode node, string key) =>
        node.TryGet(key, out var part) && part is ConfigNode inner && inner["type"] is ConfigScalar type
            ? type.Content as string
            : null;
}
