using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Sabl;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class SablRetinaHeadTests
{
    // One level of stride 16. Squares of 16 grow to 48, cut into 6 strips of 8: 3 buckets to a side.
    private const string Head = """
        dict(type='SABLRetinaHead', num_classes=2, in_channels=4, feat_channels=4, stacked_convs=1,
            approx_anchor_generator=dict(type='AnchorGenerator', octave_base_scale=1, scales_per_octave=1, ratios=[0.5, 1.0], strides=[16]),
            square_anchor_generator=dict(type='AnchorGenerator', scales=[1], ratios=[1.0], strides=[16]),
            bbox_coder=dict(type='BucketingBBoxCoder', num_buckets=6, scale_factor=3.0),
            loss_cls=dict(type='FocalLoss', use_sigmoid=True),
            loss_bbox_cls=dict(type='CrossEntropyLoss', use_sigmoid=True),
            loss_bbox_reg=dict(type='SmoothL1Loss', beta=1.0))
        """;

    private const string Train = "dict(assigner=dict(type='ApproxMaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.4))";
    private const string Test = "dict(nms_pre=10, score_thr=0.05, nms=dict(type='nms', iou_thr=0.5), max_per_img=3)";

    [Fact]
    public void ComputeLosses_OnePositiveSquare_IsTheSumByHand()
    {
        // The object, (7, 7, 25, 25), belongs to the square (8, 8, 24, 24), which grows to (-8, -8, 40, 40). Centres lie 4, 12
        // and 20 inside of it, the object's sides 15: offsets of 11 / 8, 3 / 8 and -5 / 8 buckets in size. The second bucket
        // is a side's own, the third its neighbour, the first one must not be it: 2 of 3 logits of 0 cost log 2 each, 8 in
        // all, averaged by 1 square x 4 sides x 3 buckets. Offsets of 0 cost half their squares at the nearest two:
        // 4 (0.375^2 + 0.625^2) / 2, averaged by 1 square x 4 sides x 2.
        using var scope = TensorScope.Begin();
        var head = Build();

        var terms = head.ComputeLosses(Zeros(), Batch([7, 7, 25, 25]));

        Assert.Equal(["loss_cls", "loss_bbox_cls", "loss_bbox_reg"], terms.Select(term => term.Name));
        Assert.Equal(8 * Math.Log(2) / 12, Value(terms, "loss_bbox_cls"), 1e-5);
        Assert.Equal(((0.375 * 0.375) + (0.625 * 0.625)) / 4, Value(terms, "loss_bbox_reg"), 1e-5);
        head.Network.Dispose();
    }

    [Fact]
    public void ComputeLosses_NoObject_SidesLearnNothingAndHaveGradients()
    {
        using var scope = TensorScope.Begin();
        var head = Build();
        using var generator = new Generator(1);
        head.Network.InitWeights(generator);

        var terms = head.ComputeLosses(head.Forward([Features()]), Batch([]));
        terms.Total().Backward();

        Assert.Equal(0, Value(terms, "loss_bbox_cls"));
        Assert.Equal(0, Value(terms, "loss_bbox_reg"));
        Assert.All(head.Network.NamedParameters(), entry => Assert.NotNull(entry.Tensor.Grad));
        head.Network.Dispose();
    }

    // Only the place (16, 16) has a score: sigmoid 0 = 0.5. Its sides lie at the centres of the first buckets, -4 and 36, whose
    // probability is e^9 / (e^9 + e + 1), and that of their neighbours e / (e^9 + e + 1). The image ends on pixel 31.
    [Theory]
    [InlineData("", 0f, 31f)]
    [InlineData(", clip_border=False", -4f, 36f)]
    public void Decode_FirstBuckets_AreClippedToTheLastPixelAndScoredByBoth(string option, float begin, float end)
    {
        using var scope = TensorScope.Begin();
        var head = Build("scale_factor=3.0", $"scale_factor=3.0{option}");
        var maps = Zeros();
        maps["cls_score"][0].FillInPlace(-20);
        maps["cls_score"][0][0][1][1][1].FillInPlace(0);
        for (var side = 0; side < 4; side++)
        {
            maps["bbox_cls_pred"][0][0][side * 3].FillInPlace(9);
            maps["bbox_cls_pred"][0][0][(side * 3) + 1].FillInPlace(1);
        }

        var found = head.Decode(maps, Batch([]).Infos, rescale: false)[0];

        Assert.Equal([1L], found.Labels.ToInt64Array());
        Assert.Equal([begin, begin, end, end], found.Boxes.ToArray());
        var (sure, beside) = (Math.Exp(9), Math.E);
        Assert.Equal(0.5 * (sure + beside) / (sure + beside + 1), found.Scores.ToArray()[0], 1e-6);
        head.Network.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ComputeLossesAndDecode_ManySteps_LiveTensorsStayTheSame(int classes)
    {
        using var scope = TensorScope.Begin();
        var head = Build("num_classes=2", $"num_classes={classes}");
        var (features, batch) = (Features(), Batch([7, 7, 25, 25], label: classes - 1));
        int Step()
        {
            using (var step = TensorScope.Begin())
            {
                head.ComputeLosses(head.Forward([features]), batch).Total().Backward();
                head.Decode(head.Forward([features]), batch.Infos, rescale: true);
            }

            return Tensor.LiveCount;
        }

        var first = Step();

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(first, Step()));
        head.Network.Dispose();
    }

    [Theory]
    [InlineData("scales=[1]", "scales=[2]", "square_anchor_generator must have one entry in scales, the octave_base_scale")]
    [InlineData("scales=[1], ratios=[1.0]", "scales=[1], ratios=[1.0, 2.0]", "square_anchor_generator must put one anchor at a place, got 2")]
    [InlineData("ratios=[1.0], strides=[16]", "ratios=[1.0], strides=[8]", "square_anchor_generator must have the strides of approx_anchor_generator")]
    [InlineData("octave_base_scale=1, scales_per_octave=1", "scales=[1]", "square_anchor_generator must have one entry in scales, the octave_base_scale")]
    [InlineData("'BucketingBBoxCoder'", "'DeltaXYWHBBoxCoder'", "must name a box coder of SABL, got 'DeltaXYWHBBoxCoder'")]
    [InlineData("num_buckets=6", "num_buckets=2", "bbox_coder.num_buckets must be at least 3")]
    [InlineData("num_buckets=6", "num_buckets=6, offset_topk=4", "bbox_coder.offset_topk must be 1 to 3")]
    [InlineData("type='CrossEntropyLoss', use_sigmoid=True", "type='CrossEntropyLoss'", "loss_bbox_cls must have use_sigmoid=True")]
    [InlineData("beta=1.0", "beta=1.0, reduction='none'", "loss_bbox_reg must have the reduction Mean, got None")]
    [InlineData("num_classes=2", "num_clases=2", "num_clases a slip? Rename it to num_classes.")]
    public void Build_WrongConfig_NamesFileLineAndTheWayOut(string right, string wrong, string message)
    {
        var error = Assert.Throws<ConfigException>(() => Build(right, wrong));

        Assert.StartsWith("config.py:", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NumbersOfClassesAndChannelsAlone_IsTheReferencesDefault()
    {
        // 7 buckets to a side; five levels of 8 to 128.
        using var scope = TensorScope.Begin();
        var head = Build("dict(type='SABLRetinaHead', num_classes=2, in_channels=4, feat_channels=4)");
        using var generator = new Generator(1);
        head.Network.InitWeights(generator);
        Tensor[] features = [.. new[] { 16, 8, 4, 2, 1 }.Select(size => Tensor.Zeros([1, 4, size, size]))];

        var maps = head.Forward(features);

        Assert.Equal([1, 28, 16, 16], maps["bbox_cls_pred"][0].Shape);
        Assert.Equal(0, Value(head.ComputeLosses(maps, Batch([])), "loss_bbox_cls"));
        Assert.Equal(5, head.ComputeLosses(maps, Batch([8, 8, 90, 90])).Single(term => term.Name == "loss_bbox_reg").Values.Length);
        head.Network.Dispose();
    }

    private static DenseHead Build(string right, string wrong) => Build(Head.Replace(right, wrong, StringComparison.Ordinal));

    private static DenseHead Build(string head = Head)
    {
        var config = Config.Parse($"head = {head}\ntrain = {Train}\ntest = {Test}\n");
        var reader = new ConfigReader(config.Root);
        return HeadTable.Heads.Build(
            reader.Node("head"), new HeadContext(reader.Node("train"), reader.Node("test"), HeadTable.Parts)).Create();
    }

    private static double Value(LossTerms terms, string name) =>
        terms.ReadValues().Single(entry => entry.Key == name).Value;

    private static MapSet Zeros() => new(
        ("cls_score", [Tensor.Zeros([1, 2, 2, 2])]),
        ("bbox_cls_pred", [Tensor.Zeros([1, 12, 2, 2])]),
        ("bbox_reg_pred", [Tensor.Zeros([1, 12, 2, 2])]));

    private static Tensor Features()
    {
        using var generator = new Generator(2);
        var features = Tensor.Empty([1, 4, 2, 2]);
        features.NormalInPlace(0, 1, generator);
        return features;
    }

    // One image of 32 x 32 with one object, or none.
    private static Batch Batch(float[] box, int label = 1)
    {
        var info = new ImageInfo
        {
            FileName = "some.jpg",
            OriginalShape = new(32, 32),
            ImageShape = new(32, 32),
            PadShape = new(32, 32),
        };
        var count = box.Length / 4;
        return new Batch(Tensor.Zeros([1, 3, 32, 32]), [info],
        [
            new GroundTruth(Tensor.From(box, count, 4), Tensor.Full([count], label, ScalarType.Int64), Tensor.Zeros([0, 4])),
        ]);
    }
}
