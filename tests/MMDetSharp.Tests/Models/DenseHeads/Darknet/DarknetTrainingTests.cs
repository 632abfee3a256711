using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Darknet;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.DenseHeads.YoloV5;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Darknet;

/// <summary>Whole networks with their loss: the way from the config, and that learning lowers the loss.</summary>
public sealed class DarknetTrainingTests
{
    private const string Cfg = """
        [net]
        width=64
        height=64
        channels=3

        [convolutional]
        batch_normalize=1
        filters=8
        size=3
        stride=8
        pad=1
        activation=leaky

        [convolutional]
        filters=255
        size=1
        stride=1
        pad=1
        activation=linear

        [yolo]
        mask=0,1,2
        anchors=10,14, 23,27, 37,58
        classes=80
        num=3
        iou_loss=ciou
        ignore_thresh=.7
        """;

    private static readonly string s_model =
        $"model = dict(type='DarknetDetector', num_classes=3, cfg='''{Cfg}''')\ntest_cfg = dict(score_thr=0.1)\n";

    private const string YoloV5 = """
        model = dict(
            type='YOLOv5', nc=3, anchors=[[10, 14, 23, 27, 37, 58]], act_cfg=dict(type='SiLU'),
            backbone=[[-1, 1, 'Conv', [8, 3, 8]]],
            head=[[[0], 1, 'Detect', ['nc', 'anchors']]],
            loss=dict(type='YOLOv5Loss', img_size=64))
        """;

    [Fact]
    public void WithClasses_OfYolo_ChangesTheFiltersBeforeIt()
    {
        var config = DarknetConfig.Parse(Cfg, "a.cfg").WithClasses(3);

        Assert.Equal(3, config.Layers[2].Int("classes", 0));
        Assert.Equal(24, config.Layers[1].Int("filters", 0));
        Assert.Equal(8, config.Layers[0].Int("filters", 0));
    }

    [Fact]
    public void WithClasses_WithoutYolo_Explains()
    {
        var config = DarknetConfig.Parse(Cfg[..Cfg.IndexOf("[yolo]", StringComparison.Ordinal)], "a.cfg");

        Assert.Contains("must have a [yolo]", Assert.Throws<ConfigException>(() => config.WithClasses(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComputeLosses_WithoutTrainCfg_Explains()
    {
        using var scope = TensorScope.Begin();
        using var detector = DetectorBuilder.Build(Config.Parse(s_model, "a.py"));

        Assert.Contains(
            "train_cfg", Assert.Throws<NotSupportedException>(() => detector.ComputeLosses(TwoImages())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_UnknownOptionOfTheLoss_Explains()
    {
        var error = Assert.Throws<ConfigException>(
            () => DetectorBuilder.Build(Config.Parse(YoloV5.Replace("img_size=64", "image_size=64", StringComparison.Ordinal), "a.py")));

        Assert.Contains("image_size is not an option of YOLOv5Loss", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("darknet")]
    [InlineData("yolov5")]
    public void ComputeLosses_FortySteps_FallsByHalf(string kind)
    {
        using var scope = TensorScope.Begin();
        var text = kind == "darknet" ? s_model + "train_cfg = dict()" : YoloV5;
        using var detector = DetectorBuilder.Build(Config.Parse(text, "a.py"));
        using var generator = new Generator(3);
        detector.InitWeights(generator);
        using var optimizer = new Adam([new ParameterGroup(detector.NamedParameters(), 0.02)], new());
        using var batch = TwoImages();
        List<double> losses = [];
        for (var i = 0; i < 40; i++)
        {
            using var step = TensorScope.Begin();
            var total = detector.ComputeLosses(batch).Total();
            losses.Add(total.Item());
            optimizer.ZeroGrad();
            total.Backward();
            optimizer.Step();
        }

        Assert.True(losses[^1] < losses[0] / 2, $"from {losses[0]} to {losses[^1]}");
    }

    // Each object is a square of its own brightness.
    private static Batch TwoImages()
    {
        var images = Tensor.Zeros([2, 3, 64, 64]);
        images.Select(0, 0).Narrow(1, 8, 16).Narrow(2, 8, 16).FillInPlace(1);
        images.Select(0, 1).Narrow(1, 24, 24).Narrow(2, 32, 24).FillInPlace(0.5);
        return new Batch(
            images,
            [YoloV5Case.Info(), YoloV5Case.Info()],
            [YoloV5Case.Truth([8, 8, 24, 24], [0]), YoloV5Case.Truth([32, 24, 56, 48], [2])]);
    }
}
