using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.GuidedAnchoring;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class GARetinaHeadTests
{
    // One level of 8 x 8 places; squares of 32 x 32 pixels.
    private const string Head = """
        dict(type='GARetinaHead', num_classes=2, in_channels=4, feat_channels=4, stacked_convs=1, deform_groups=2,
            approx_anchor_generator=dict(
                type='AnchorGenerator', octave_base_scale=4, scales_per_octave=3, ratios=[0.5, 1.0, 2.0], strides=[8]),
            square_anchor_generator=dict(type='AnchorGenerator', ratios=[1.0], scales=[4], strides=[8]),
            loss_cls=dict(type='FocalLoss', use_sigmoid=True))
        """;

    // Only the very square of an object is positive.
    private const string Train = """
        dict(ga_assigner=dict(type='ApproxMaxIoUAssigner', pos_iou_thr=0.9, neg_iou_thr=0.4, min_pos_iou=0.9, ignore_iof_thr=0.5),
            assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, ignore_iof_thr=0.5),
            center_ratio=0.2, ignore_ratio=0.5)
        """;

    private const string Sampler = "ga_sampler=dict(type='RandomSampler', num=4, pos_fraction=0.5, add_gt_as_proposals=False), ";

    private const string Test = "dict(nms_pre=10, score_thr=0.0, nms=dict(type='nms', iou_thr=0.5), max_per_img=3)";

    // Other options than the recipes': one class; boxes compared as they are; a softmax; no towers; all squares are shapes' samples.
    [Theory]
    [InlineData("num_classes=2", "num_classes=2")]
    [InlineData("num_classes=2", "num_classes=1")]
    [InlineData("deform_groups=2", "deform_groups=2, reg_decoded_bbox=True, loss_bbox=dict(type='GIoULoss')")]
    [InlineData("loss_cls=dict(type='FocalLoss', use_sigmoid=True)", "loss_cls=dict(type='CrossEntropyLoss')")]
    [InlineData("stacked_convs=1", "stacked_convs=0, loss_loc=dict(type='CrossEntropyLoss', use_sigmoid=True)")]
    [InlineData("ga_sampler=", "ga_sampler=None, debug=")]
    public void ComputeLosses_OneStep_GradientsReachEveryParameter(string usual, string option)
    {
        using var scope = TensorScope.Begin();
        var train = Train.Replace("center_ratio", Sampler + "center_ratio", StringComparison.Ordinal);
        var head = Build(
            Head.Replace(usual, option, StringComparison.Ordinal), train.Replace(usual, option, StringComparison.Ordinal), Test);
        GoldenWeights.Fill(head.Network, "");

        var terms = head.ComputeLosses(head.Forward([Features()]), Batch([16, 16, 48, 48], []));
        terms.Total().Backward();

        Assert.Equal(["loss_cls", "loss_bbox", "loss_shape", "loss_loc"], terms.Select(term => term.Name));
        Assert.All(head.Network.NamedParameters(), entry => Assert.True(
            entry.Tensor.Grad is { } gradient && gradient.IsFinite().All().Item() == 1, entry.Name));
        head.Network.Dispose();
    }

    // The square at place (4, 4) is the object's, 32 x 32. Twice as wide: with b = |1 - 32 / 64| = 0.5 the loss of the width is
    // b - 0.2 / 2 = 0.4, those of height and centre are 0 (but for the epsilon). By 1 positive; or by 1 positive and 3 negatives.
    [Theory]
    [InlineData("", 0.4)]
    [InlineData(Sampler, 0.1)]
    public void ComputeLosses_TooWideAnAnchor_ShapeByHand(string sampler, double expected)
    {
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train.Replace("assigner=dict(type='Max", sampler + "assigner=dict(type='Max", StringComparison.Ordinal), Test);
        var shape = Tensor.Zeros([1, 2, 8, 8]);
        shape.Narrow(1, 0, 1).FillInPlace(Math.Log(2));

        var terms = head.ComputeLosses(Maps(shape), Batch([16, 16, 48, 48]));

        Assert.Equal(expected, terms["loss_shape"][0].Item(), 1e-4);
        head.Network.Dispose();
    }

    // Logits of 0: p = 1/2, so that a positive costs 0.25 / 4 ln 2 and a negative 0.75 / 4 ln 2. 1 place is a centre and 55
    // are outside, with weight 0.1. By 64 / 200.
    [Theory]
    [InlineData("loc_labels='paper'", ((1 * 0.25) + (5.5 * 0.75)) / 4 / 0.32)]
    [InlineData("loc_labels='reference'", ((1 * 0.75) + (5.5 * 0.25)) / 4 / 0.32)]
    [InlineData("deform_groups=2", ((1 * 0.75) + (5.5 * 0.25)) / 4 / 0.32)]
    public void ComputeLosses_EqualProbabilities_LocationByHand(string option, double expected)
    {
        using var scope = TensorScope.Begin();
        var head = Build(Head.Replace("deform_groups=2", option, StringComparison.Ordinal), Train, Test);

        var terms = head.ComputeLosses(Maps(Tensor.Zeros([1, 2, 8, 8])), Batch([16, 16, 48, 48]));

        Assert.Equal(expected * Math.Log(2), terms["loss_loc"][0].Item(), 1e-5);
        head.Network.Dispose();
    }

    [Fact]
    public void ComputeLosses_ObjectInACrowd_OnlyItsShapeIsLearned()
    {
        // The crowd covers the whole image: no anchor counts in scores and boxes. As the reference, shapes do not know of it.
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train, Test);
        var shape = Tensor.Zeros([1, 2, 8, 8]);
        shape.Narrow(1, 0, 1).FillInPlace(Math.Log(2));
        var alone = Batch([16, 16, 48, 48]);
        var crowd = new Batch(alone.Images, alone.Infos,
        [
            new(alone.GroundTruths[0].Boxes, alone.GroundTruths[0].Labels, Tensor.From([-100f, -100, 200, 200], 1, 4)),
        ]);

        var terms = head.ComputeLosses(Maps(shape), crowd);

        Assert.Equal(0, terms["loss_cls"][0].Item());
        Assert.Equal(0.4, terms["loss_shape"][0].Item(), 1e-4);
        head.Network.Dispose();
    }

    [Fact]
    public void ComputeLosses_PredictedShapes_AreTheAnchorsOfScoresAndBoxes()
    {
        // Anchors of 64 x 32: the object (0, 16, 64, 48) is the one at place (4, 4), which then has nothing to shift.
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train, Test);
        var shape = Tensor.Zeros([2, 2, 8, 8]);
        shape[1][0].FillInPlace(Math.Log(2)); // only in the second image

        var criterion = (GuidedAnchorCriterion)head.Criterion!;
        var made = criterion.Targets.Make(Maps(shape), Batch([0, 16, 64, 48], [0, 16, 64, 48])).Predictions;

        var place = (4 * 8) + 4;
        Assert.Equal([16f, 16, 48, 48], made.Anchors[0][0][place].ToArray());
        Assert.Equal([0f, 16, 64, 48], Rounded(made.Anchors[0][1][place]));
        Assert.Equal([0f, 0, 0, 0], Rounded(made.BoxTargets[0][1][place]));
        Assert.Equal([1f, 1, 1, 1], made.BoxWeights[0][1][place].ToArray());
        head.Network.Dispose();
    }

    [Fact]
    public void Forward_Evaluation_IsZeroWhereAnchorsAreImprobableInEachImage()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var head = Build(Head.Replace("deform_groups=2", "deform_groups=2, loc_filter_thr=0.5", StringComparison.Ordinal), Train, Test);
        GoldenWeights.Fill(head.Network, "");
        var features = Features();

        var all = head.Forward([features]);
        head.Network.Eval();
        var kept = head.Forward([features]);

        var probable = all["loc_pred"][0].Ge(0).To(ScalarType.Float32); // sigmoid(0) = 0.5
        Assert.NotEqual(probable[0].ToArray(), probable[1].ToArray());
        foreach (var name in (string[])["cls_score", "bbox_pred"])
        {
            Assert.Equal((all[name][0] * probable).ToArray(), kept[name][0].ToArray());
            Assert.Contains(all[name][0].ToArray(), value => value != 0);
        }

        Assert.Equal(all["shape_pred"][0].ToArray(), kept["shape_pred"][0].ToArray());
        Assert.Equal(all["loc_pred"][0].ToArray(), kept["loc_pred"][0].ToArray());
        head.Network.Dispose();
    }

    [Fact]
    public void Decode_OneProbablePlace_IsItsStretchedSquareShifted()
    {
        // The square at place (4, 4), 16 to 48, twice as wide: 0 to 64; shifted by a quarter of 64: 16 to 80, cut off at 64.
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train, Test);
        var (shape, boxes, locations) = (Tensor.Zeros([1, 2, 8, 8]), Tensor.Zeros([1, 4, 8, 8]), Tensor.Full([1, 1, 8, 8], -10));
        shape.Narrow(1, 0, 1).FillInPlace(Math.Log(2));
        boxes.Narrow(1, 0, 1).FillInPlace(0.25);
        locations[0][0][4][4].FillInPlace(3);
        var scores = Tensor.Full([1, 2, 8, 8], 2); // improbable places have high scores as well
        var maps = new MapSet(("cls_score", [scores]), ("bbox_pred", [boxes]), ("shape_pred", [shape]), ("loc_pred", [locations]));

        var candidates = head.Decoder!.Decode(maps)[0][0];
        var found = head.Decode(maps, Batch((float[])[]).Infos, rescale: false)[0];

        Assert.Equal(1, candidates.Boxes.Size(0));
        Assert.Equal([16f, 16, 80, 48], Rounded(candidates.Boxes));
        Assert.Equal([16f, 16, 64, 48, 16, 16, 64, 48], Rounded(found.Boxes)); // of both classes
        head.Network.Dispose();
    }

    [Fact]
    public void Decode_NoPlaceIsProbable_FindsNothing()
    {
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train, Test);
        var zeros = Maps(Tensor.Zeros([1, 2, 8, 8]));
        var maps = new MapSet(
            ("cls_score", zeros["cls_score"]), ("bbox_pred", zeros["bbox_pred"]), ("shape_pred", zeros["shape_pred"]),
            ("loc_pred", [zeros["loc_pred"][0] - 10]));

        Assert.Equal(0, head.Decode(maps, Batch((float[])[]).Infos, rescale: true)[0].Count);
        head.Network.Dispose();
    }

    // e^10 = 22026 is more than boxes may grow, 62.5; e^20 is more than anchors may, 10^6.
    [Theory]
    [InlineData(10, 22026.466)]
    [InlineData(20, 1e6)]
    public void Stretch_LargeShapes_GrowFurtherThanBoxes(double shape, double factor)
    {
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train, Test);
        var criterion = (GuidedAnchorCriterion)head.Criterion!;
        var squares = criterion.Targets.Shapes.Grid([(8, 8)], Device.Cpu);

        var guided = criterion.Targets.Guided(squares, Maps(Tensor.Full([1, 2, 8, 8], shape)))[0].All[0].ToArray();

        Assert.Equal(32 * factor, guided[2] - guided[0], 32 * factor * 1e-5);
        head.Network.Dispose();
    }

    // About half of the places are left out. Where a place's probability is nearly the threshold, other kernels may decide otherwise.
    [Theory]
    [InlineData(1, 97, 131)]
    [InlineData(2, 64, 96)]
    [InlineData(1, 200, 33)]
    public void Detect_OddSizes_CompiledIsEager(int images, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var recipe = RepositoryFolder.Under("configs/quickstart/ga_retinanet_r18_shapes.py");
        using var detector = DetectorBuilder.Build(Config.Load(recipe, ["model.bbox_head.loc_filter_thr=0.5"]));
        GoldenWeights.Fill(detector, "");
        detector.Eval();
        long[] size = [images, 3, height, width];
        var input = Tensor.From(GoldenFill.Input("odd", size), size);
        var logits = detector.Parts[0].Forward(input)["loc_pred"][0].Flatten();
        detector.StateDict().Single(entry => entry.Name == "bbox_head.conv_loc.bias").Tensor
            .AddInPlace(-logits.Sort().Values[logits.Size(0) / 2].Item());
        using var compiled = new CompiledExecutor(detector);

        var expected = new EagerExecutor().Run(detector.Parts[0], input);
        var found = compiled.Run(detector.Parts[0], input);

        Assert.Equal(expected.Names, found.Names);
        foreach (var name in expected.Names)
        {
            for (var level = 0; level < expected.LevelCount; level++)
            {
                var clear = (expected["loc_pred"][level].Sigmoid() - 0.5).Abs().Gt(1e-4).To(ScalarType.Float32);
                var (wanted, got) = (expected[name][level] * clear, found[name][level] * clear);
                Assert.Equal(wanted.Shape, got.Shape);
                var tolerance = Math.Max(1, wanted.Abs().Max().Item()) * 1e-4;
                Assert.True((wanted - got).Abs().Max().Item() <= tolerance, $"{name} of level {level}");
            }
        }

        var left = expected["cls_score"][0].Eq(0).To(ScalarType.Float32).Mean().Item();
        Assert.InRange(left, 0.4, 0.6);
        Assert.True(expected["shape_pred"][0].Abs().Max().Item() > 0.1, "the offsets must move the taps");
    }

    [Fact]
    public void ComputeLosses_ManySteps_LiveTensorsStayTheSame()
    {
        using var scope = TensorScope.Begin();
        var head = Build(Head, Train.Replace("center_ratio", Sampler + "center_ratio", StringComparison.Ordinal), Test);
        GoldenWeights.Fill(head.Network, "");
        var (features, batch) = (Features(), Batch([16, 16, 48, 48], []));
        int Step()
        {
            using (var step = TensorScope.Begin())
            {
                head.Network.Train();
                head.ComputeLosses(head.Forward([features]), batch).Total().Backward();
                head.Network.Eval();
                head.Decode(head.Forward([features]), batch.Infos, rescale: true);
            }

            return Tensor.LiveCount;
        }

        var first = Step();

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(first, Step()));
        head.Network.Dispose();
    }

    [Theory]
    [InlineData("deform_groups=2", "deform_groups=3", "deform_groups must divide the 4 channels behind the towers, got 3")]
    [InlineData("deform_groups=2", "anchor_generator=None", "anchor_generator is not an option of GARetinaHead")]
    [InlineData("deform_groups=2", "loc_labels='papers'", "loc_labels must be one of")]
    [InlineData("deform_groups=2", "loc_filter_thr=2.0", "loc_filter_thr must be 0 to 1, got 2")]
    [InlineData("deform_groups=2", "loss_loc=dict(type='CrossEntropyLoss')", "loss_loc must have use_sigmoid=True")]
    [InlineData("deform_groups=2", "loss_shape=dict(type='BoundedIoULoss', reduction='sum')", "loss_shape must have the reduction Mean, got Sum")]
    [InlineData("deform_groups=2", "anchor_coder=dict(type='YOLOBBoxCoder')", "anchor_coder.type")]
    [InlineData("deform_groups=2", "anchor_coder=dict(type='DeltaXYWHBBoxCoder', means=[0., 0., 0., 0.])", "anchor_coder.means is not an option")]
    [InlineData("strides=[8])", "strides=[(8, 4)])", "square_anchor_generator must have equal strides in x and y")]
    [InlineData("num=4", "num=4, neg_pos_up=3", "neg_pos_up is not an option of RandomSampler. Did you mean neg_pos_ub?")]
    [InlineData("add_gt_as_proposals=False", "add_gt_as_proposals=True", "add_gt_as_proposals must be False where anchors are sampled")]
    [InlineData("center_ratio=0.2", "center_ratio=1.2", "center_ratio must be 0 to 1, got 1.2")]
    [InlineData("center_ratio=0.2, ", "", "center_ratio")]
    [InlineData("ga_assigner", "ga_asigner", "ga_assigner")]
    public void Build_WrongConfig_NamesFileLineAndTheWayOut(string right, string wrong, string message)
    {
        var head = Head.Replace(right, wrong, StringComparison.Ordinal);
        var train = Train.Replace("center_ratio", Sampler + "center_ratio", StringComparison.Ordinal)
            .Replace(right, wrong, StringComparison.Ordinal);

        var error = Assert.Throws<ConfigException>(() => Build(head, train, Test));

        Assert.Matches(@"^config\.py:\d+: ", error.Message);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ADetector_DrawsItsSamplesFromTheTrainingsSource()
    {
        // More places than are sampled: without a source of randomness there is no loss; equal sources give equal losses.
        using var scope = TensorScope.Begin();
        var recipe = RepositoryFolder.Under("configs/quickstart/ga_retinanet_r18_shapes.py");
        using var detector = DetectorBuilder.Build(Config.Load(recipe));
        GoldenWeights.Fill(detector, "");
        var batch = Batch([16, 16, 48, 48]);

        var error = Assert.Throws<InvalidOperationException>(() => detector.ComputeLosses(Large(batch)));

        Assert.Contains("UseRandomness(generator)", error.Message, StringComparison.Ordinal);
        Assert.Equal(Loss(7), Loss(7));

        double Loss(ulong seed)
        {
            using var generator = new Generator(seed);
            detector.UseRandomness(generator);
            return detector.ComputeLosses(Large(batch)).Total().Item();
        }
    }

    // 16 x 16 places and more on the first level.
    private static Batch Large(Batch batch) => new(
        Tensor.Zeros([1, 3, 256, 256]),
        [batch.Infos[0] with { ImageShape = new(256, 256), PadShape = new(256, 256) }], batch.GroundTruths);

    private static DenseHead Build(string head, string? train, string? test)
    {
        var config = Config.Parse($"head = {head}\ntrain = {train ?? "None"}\ntest = {test ?? "None"}\n");
        var reader = new ConfigReader(config.Root);
        var trainReader = reader.NodeOrNull("train");
        var context = new HeadContext(trainReader, reader.NodeOrNull("test"), HeadTable.Parts) { Choice = new FirstOnes() };
        var plan = HeadTable.Heads.Build(reader.Node("head"), context);
        trainReader?.Done();
        return plan.Create();
    }

    // Zeros but for the shapes, of as many images.
    private static MapSet Maps(Tensor shape) => new(
        ("cls_score", [Tensor.Zeros([shape.Size(0), 2, 8, 8])]),
        ("bbox_pred", [Tensor.Zeros([shape.Size(0), 4, 8, 8])]),
        ("shape_pred", [shape]),
        ("loc_pred", [Tensor.Zeros([shape.Size(0), 1, 8, 8])]));

    private static Tensor Features() => Tensor.From(GoldenFill.Input("guided", [2, 4, 8, 8]), 2, 4, 8, 8);

    private static float[] Rounded(Tensor values) => Array.ConvertAll(values.ToArray(), value => MathF.Round(value, 3));

    // Images of 64 x 64 with objects of class 0.
    private static Batch Batch(params float[][] objects)
    {
        var info = new ImageInfo
        {
            FileName = "some.jpg",
            OriginalShape = new(64, 64),
            ImageShape = new(64, 64),
            PadShape = new(64, 64),
        };
        return new(
            Tensor.Zeros([objects.Length, 3, 64, 64]), [.. objects.Select(_ => info)],
            [.. objects.Select(boxes => new GroundTruth(
                Tensor.From(boxes, boxes.Length / 4, 4), Tensor.Zeros([boxes.Length / 4], ScalarType.Int64),
                Tensor.Zeros([0, 4])))]);
    }
}
