using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Ssd;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Ssd;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class SsdHeadTests
{
    private const string Thin = "configs/quickstart/ssd_vgg_shapes.py";

    private static readonly SsdHeadOptions s_options = new()
    {
        InChannels = [4, 8],
        AnchorsPerPlace = [4, 6],
        ScoreCount = 3,
    };

    [Fact]
    public void StateDict_TwoMaps_HasTheReferencesKeys()
    {
        using var head = new SsdHead(s_options);

        Assert.Equal(
            [
                "reg_convs.0.weight (16, 4, 3, 3)", "reg_convs.0.bias (16)", "reg_convs.1.weight (24, 8, 3, 3)",
                "reg_convs.1.bias (24)", "cls_convs.0.weight (12, 4, 3, 3)", "cls_convs.0.bias (12)",
                "cls_convs.1.weight (18, 8, 3, 3)", "cls_convs.1.bias (18)",
            ],
            head.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
    }

    [Fact]
    public void Forward_TwoMaps_LeavesOnlyItsResults()
    {
        using var scope = TensorScope.Begin();
        using var head = new SsdHead(s_options);
        var before = Tensor.LiveCount;

        var maps = head.Forward([Tensor.Zeros([2, 4, 6, 5]), Tensor.Zeros([2, 8, 3, 3])]);

        Assert.Equal([2, 12, 6, 5], maps["cls_score"][0].Shape);
        Assert.Equal([2, 24, 3, 3], maps["bbox_pred"][1].Shape);
        CountsTensors.AssertAtMost(before + 6); // the two inputs and four maps
    }

    [Fact]
    public void InitWeights_Called_IsGlorotsUniformRule()
    {
        using var head = new SsdHead(s_options);
        using var generator = new Generator(1);

        head.InitWeights(generator);

        // sqrt(6 / (9 x (8 + 24))) = 0.1443
        var state = head.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToArray());
        Assert.InRange(state["reg_convs.1.weight"].Max(Math.Abs), 0.143f, 0.1444f);
        Assert.All(state["cls_convs.0.bias"], bias => Assert.Equal(0, bias));
    }

    // Odd sizes, from one place on; one recording serves all.
    [Fact]
    public void Detect_ThinRecipe_CompiledIsEagerAtEverySize()
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(Thin);
        using var compiled = new CompiledExecutor(detector);

        AssertSame(detector, compiled, (97, 131), (64, 64), (128, 128), (1, 1), (33, 7), (130, 259));
    }

    [Theory]
    [InlineData("configs/ssd/ssd300_coco.py", "[32,64,32,16,16,16]")]
    [InlineData("configs/ssd/ssd512_coco.py", "[32,64,32,16,16,16,16]")]
    [InlineData("configs/pascal_voc/ssd300_voc0712.py", "[32,64,32,16,16,16]")]
    [InlineData("configs/pascal_voc/ssd512_voc0712.py", "[32,64,32,16,16,16,16]")]
    public void Detect_TheRecipesLayers_CompiledIsEagerAtEverySizeTheyTake(string recipe, string channels)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe, "model.backbone.base_channels=4", $"model.bbox_head.in_channels={channels}");
        using var compiled = new CompiledExecutor(detector);

        AssertSame(detector, compiled, (300, 300), (257, 411), (333, 257));
    }

    [Theory]
    [InlineData(256, 300)]
    [InlineData(300, 131)]
    public void Run_ImagesThatLeaveALayerNoPlace_AreRefusedByTheirSize(int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(
            "configs/ssd/ssd300_coco.py", "model.backbone.base_channels=4",
            "model.bbox_head.in_channels=[32,64,32,16,16,16]");
        detector.Eval();
        using var compiled = new CompiledExecutor(detector);
        compiled.Run(detector.Parts[0], Tensor.Zeros([1, 3, 300, 300]));
        var batch = Images(height, width, [0, 0, 50, 50]);

        foreach (var run in (Action[])
            [
                () => detector.Detect(batch, rescale: false), () => detector.Detect(batch, rescale: false, compiled),
                () => detector.ComputeLosses(batch),
            ])
        {
            var error = Assert.Throws<ArgumentException>(run);

            Assert.StartsWith(
                $"dense: height and width must be at least 257, got {height} x {width}.", error.Message, StringComparison.Ordinal);
        }
    }

    // Larger images: their last maps have more places than strides fit into them; anchors beyond the image weigh nothing.
    [Fact]
    public void ComputeLosses_LargerImages_IsFinite()
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(
            "configs/ssd/ssd300_coco.py", "model.backbone.base_channels=4",
            "model.bbox_head.in_channels=[32,64,32,16,16,16]");
        detector.Train();

        var maps = detector.Parts[0].Forward(Images(600, 450, []).Images);
        var loss = detector.ComputeLosses(Images(600, 450, [20, 20, 400, 500])).Total();
        loss.Backward();

        Assert.Equal((6, 4), maps.Sizes[^1]); // 600 and 450 pixels are two strides of 300
        Assert.True(double.IsFinite(loss.Item()));
    }

    [Theory]
    [InlineData("model.bbox_head.in_channels=[128,256,128]", "in_channels must have 4 entries, one per stride of anchor_generator, got 3")]
    [InlineData("model.bbox_head.in_channels=[128,256,128,32]", "in_channels must be the channels of the maps that come in, [128, 256, 128, 64], got [128, 256, 128, 32]")]
    [InlineData("model.bbox_head.anchor_generator.strides=[8,16,32,100]", "strides must be the strides of the maps that come in, [8, 16, 32, 64]")]
    [InlineData("model.bbox_head.anchor_generator=None", "anchor_generator")]
    [InlineData("model.bbox_head.num_classes=0", "num_classes must be positive, got 0")]
    [InlineData("model.bbox_head.loss_cls.type=FocalLoss", "loss_cls is not an option of SSDHead")]
    [InlineData("model.bbox_head.stacked_convs=1", "stacked_convs is not an option of SSDHead")]
    [InlineData("train_cfg.neg_pos_ratio=-1", "neg_pos_ratio must be 0 or more, got -1")]
    [InlineData("train_cfg.neg_pos_ratio=2.5", "neg_pos_ratio must be an int, got")]
    [InlineData("train_cfg.smoothl1_beta=0", "smoothl1_beta must be positive, got 0")]
    [InlineData("train_cfg.smooth_beta=1", "smooth_beta is not an option")]
    public void Build_WrongOption_NamesItAndTheWayOut(string slip, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(Thin, slip));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Detector detector, CompiledExecutor compiled, params (int Height, int Width)[] sizes)
    {
        using var noGrad = GradMode.NoGrad();
        detector.Eval();
        foreach (var (height, width) in sizes)
        {
            using var scope = TensorScope.Begin();
            var images = Images(height, width, []).Images;
            var (expected, found) = (new EagerExecutor().Run(detector.Parts[0], images), compiled.Run(detector.Parts[0], images));
            Assert.Equal(expected.Tensors.Select(map => map.Shape), found.Tensors.Select(map => map.Shape));
            Assert.All(expected.Tensors.Zip(found.Tensors), pair =>
            {
                var slack = 1e-5 * pair.First.Abs().Max().Item();
                Assert.InRange((pair.First - pair.Second).Abs().Max().Item(), 0, slack);
            });
        }
    }

    private static Detector Build(string recipe, params string[] changes)
    {
        var detector = DetectorBuilder.Build(Config.Load(RepositoryFolder.Under(recipe), changes));
        using var generator = new Generator(7);
        detector.InitWeights(generator);
        return detector;
    }

    private static Batch Images(int height, int width, float[] boxes)
    {
        using var generator = new Generator(9);
        var images = Tensor.Zeros([1, 3, height, width]);
        images.NormalInPlace(0, 1, generator);
        var shape = new ImageShape(height, width, 3);
        return new Batch(
            images,
            [new() { FileName = "noise.png", OriginalShape = shape, ImageShape = shape, PadShape = shape }],
            [new GroundTruth(
                Tensor.From(boxes, boxes.Length / 4, 4), Tensor.Zeros([boxes.Length / 4], ScalarType.Int64), Tensor.Zeros([0, 4]))]);
    }
}
