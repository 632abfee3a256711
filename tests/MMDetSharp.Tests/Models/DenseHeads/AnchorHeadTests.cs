using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class AnchorHeadTests
{
    private const string Head = """
        dict(type='RetinaHead', num_classes=2, in_channels=4, feat_channels=4, stacked_convs=1,
            anchor_generator=dict(type='AnchorGenerator', scales=[4], ratios=[1.0], strides=[8]),
            loss_cls=dict(type='FocalLoss', use_sigmoid=True), loss_bbox=dict(type='GIoULoss'){0})
        """;

    private const string Train = "dict(assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.4))";
    private const string Test = "dict(nms_pre=10, score_thr=0.0, nms=dict(type='nms', iou_thr=0.5), max_per_img=3)";

    [Theory]
    [InlineData("")]
    [InlineData(", reg_decoded_bbox=True")]
    public void ComputeLosses_OneStep_GradientsReachEveryParameter(string option)
    {
        using var scope = TensorScope.Begin();
        var head = Build(string.Format(null, Head, option), Train, Test);
        using var generator = new Generator(1);
        head.Network.InitWeights(generator);

        var terms = head.ComputeLosses(head.Forward([Features()]), Batch());
        terms.Total().Backward();

        Assert.Equal(["loss_cls", "loss_bbox"], terms.Select(term => term.Name));
        Assert.All(head.Network.NamedParameters(), entry => Assert.True(
            entry.Tensor.Grad is { } gradient && gradient.IsFinite().All().Item() == 1, entry.Name));
        head.Network.Dispose();
    }

    [Fact]
    public void ComputeLosses_TwoHundredSteps_LiveTensorsStayTheSame()
    {
        using var scope = TensorScope.Begin();
        var head = Build(string.Format(null, Head, ""), Train, Test);
        var (features, batch) = (Features(), Batch());
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

        Assert.All(Enumerable.Range(0, 200), _ => Assert.Equal(first, Step()));
        head.Network.Dispose();
    }

    [Fact]
    public void ComputeLosses_NoTrainConfig_SaysWhatIsMissing()
    {
        using var scope = TensorScope.Begin();
        var head = Build(string.Format(null, Head, ""), null, Test);

        var error = Assert.Throws<InvalidOperationException>(
            () => head.ComputeLosses(head.Forward([Features()]), Batch()));

        Assert.Contains("Add train_cfg", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num_classes=2", "num_clases=2", "num_clases a slip? Rename it to num_classes.")]
    [InlineData("type='GIoULoss'", "type='GIUOLoss'", "must name a loss, got 'GIUOLoss'. Did you mean GIoULoss?")]
    [InlineData("num_classes=2", "num_classes=0", "num_classes must be positive, got 0")]
    [InlineData("scales=[4]", "scales=[4], scales_per_octave=3, octave_base_scale=4", "must be given, or octave_base_scale and scales_per_octave, not both")]
    [InlineData("use_sigmoid=True", "use_sigmoid=False", "focal loss works on sigmoids")]
    public void Build_WrongConfig_NamesFileLineAndTheWayOut(string right, string wrong, string message)
    {
        var text = string.Format(null, Head, "").Replace(right, wrong, StringComparison.Ordinal);

        var error = Assert.Throws<ConfigException>(() => Build(text, Train, Test));

        Assert.StartsWith("config.py:", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static DenseHead Build(string head, string? train, string? test)
    {
        var config = Config.Parse($"head = {head}\ntrain = {train ?? "None"}\ntest = {test ?? "None"}\n");
        var reader = new ConfigReader(config.Root);
        return HeadTable.Heads.Build(
            reader.Node("head"),
            new HeadContext(reader.NodeOrNull("train"), reader.NodeOrNull("test"), HeadTable.Parts)).Create();
    }

    private static Tensor Features()
    {
        using var generator = new Generator(2);
        var features = Tensor.Empty([2, 4, 4, 4]);
        features.NormalInPlace(0, 1, generator);
        return features;
    }

    // Two images of 32 x 32; the second one has no object.
    private static Batch Batch()
    {
        var info = new ImageInfo
        {
            FileName = "some.jpg",
            OriginalShape = new(32, 32),
            ImageShape = new(32, 32),
            PadShape = new(32, 32),
        };
        var none = Tensor.Zeros([0, 4]);
        return new Batch(Tensor.Zeros([2, 3, 32, 32]), [info, info],
        [
            new GroundTruth(Tensor.From([2f, 2, 30, 30], 1, 4), Tensor.From([1L], 1), none),
            new GroundTruth(none, Tensor.Zeros([0], ScalarType.Int64), none),
        ]);
    }
}
