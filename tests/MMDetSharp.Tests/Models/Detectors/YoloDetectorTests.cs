using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Tests.Support;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors;

/// <summary>The recipes of configs/yolo as whole detectors.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class YoloDetectorTests
{
    private const string V3 = "yolov3_d53_mstrain-608_273e_coco";

    // As thin as the parts allow: what is tested does not depend on the widths.
    private static readonly Dictionary<string, string[]> s_thin = new()
    {
        [V3] =
        [
            "model.neck.out_channels=[16,8,8]", "model.bbox_head.in_channels=[16,8,8]",
            "model.bbox_head.out_channels=[16,8,8]", "model.bbox_head.num_classes=2",
        ],
        ["rr_yolov3_d53_416_coco"] =
        [
            "model.backbone.input_channels=4", "model.neck.input_channels=4", "model.bbox_head.in_channels=[64,32,16]",
        ],
        ["rr_yolov4_cspd53_416_coco"] = ["model.backbone.layers=[1,1,1,1,1]"],
        ["rr_tiny_yolov3_416_coco"] = [],
        ["rr_tiny_yolov4_416_coco"] = [],
        ["rr_yolov5_416_coco"] =
        [
            "model.backbone.width_multiple=0.25", "model.backbone.depth_multiple=0.33",
            "model.bbox_head.out_channels=[0.33,0.25]",
        ],
    };

    public static TheoryData<string> Recipes => [.. s_thin.Keys];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void ForwardDense_Compiled_EqualsEagerAtSeveralSizes(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = Build(recipe, s_thin[recipe]);
        detector.Eval();
        using var compiled = new CompiledExecutor(detector);

        foreach (var (count, height, width) in new[] { (1, 64, 96), (2, 128, 32) })
        {
            var images = Uniform(count, height, width);
            var expected = detector.Parts[0].Forward(images).Tensors;
            var actual = compiled.Run(detector.Parts[0], images).Tensors;

            Assert.Equal(expected.Select(map => map.Shape), actual.Select(map => map.Shape));
            Assert.All(expected.Zip(actual), pair => Assert.InRange(
                (pair.First - pair.Second).Abs().Max().Item(), 0, 2e-5 * pair.First.Abs().Max().Item()));
        }
    }

    [Fact]
    public void ComputeLosses_StepsOnOneImage_TheLossFalls()
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(V3, s_thin[V3]);
        detector.Train();
        var batch = OneObject(2);
        using var optimizer = new Sgd(
            [new ParameterGroup(detector.NamedParameters(), 1e-2, 0)], new() { Momentum = 0.9 });

        var losses = Enumerable.Range(0, 6).Select(_ => Step(detector, optimizer, batch)).ToArray();

        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses[^1] < losses[0] / 2, $"The losses were {string.Join(", ", losses.Select(loss => $"{loss:F2}"))}.");
    }

    [Fact]
    public void ManyCalls_LeaveOnlyTheirResults()
    {
        using var detector = Build("rr_tiny_yolov3_416_coco", []);
        using var batch = OneObject(1);
        var before = Tensor.LiveCount;

        for (var i = 0; i < 3; i++)
        {
            var terms = detector.ComputeLosses(batch);
            CountsTensors.AssertAtMost(before + 8); // four terms of two levels
            foreach (var value in terms.SelectMany(term => term.Values))
            {
                value.Dispose();
            }

            detector.Detect(batch, rescale: true)[0].Dispose();
            detector.DetectAugmented([batch, batch], rescale: false).Dispose();
            CountsTensors.AssertAtMost(before);
        }
    }

    [Theory]
    [InlineData("model.bbox_head.anchor_generator.strides=[32,16]", "must have one list of anchors per stride, got 3 for 2")]
    [InlineData("model.bbox_head.anchor_generator.base_sizes=[[(1,2)],[(1,2),(3,4)],[(1,2)]]", "[1, 2, 1]")]
    [InlineData("model.bbox_head.anchor_generator.base_sizes=[[(1,2)],[(1,-2)],[(1,2)]]", "(width, height) per level")]
    [InlineData("model.bbox_head.anchor_generator.type='AnchorGenerator'", "YOLOAnchorGenerator")]
    [InlineData("model.bbox_head.featmap_strides=[8,16,32]", "must be the anchor generator's strides, [32, 16, 8]")]
    [InlineData("model.bbox_head.in_channels=[512,256]", "must have one entry per level, got 2 for 3 levels")]
    [InlineData("model.bbox_head.out_channels=[1024]", "must have one entry per level, got 1 for 3 levels")]
    [InlineData("model.bbox_head.in_channels=[512,256,64]", "maps that come in, [512, 256, 128], got [512, 256, 64]")]
    [InlineData("model.bbox_head.num_classes=0", "must be positive, got 0")]
    [InlineData("model.bbox_head.bbox_coder.type='DeltaXYWHBBoxCoder'", "YOLOBBoxCoder")]
    [InlineData("model.neck=None", "bbox_head.in_channels must be the channels of the maps that come in, [256, 512, 1024]")]
    [InlineData("model.neck.num_scales=2", "must be the number of in_channels, 3, got 2")]
    [InlineData("model.neck.out_channels=[512,256]", "must have 3 entries, one per entry of in_channels, got 2")]
    [InlineData("model.backbone.out_indices=[2,3,4]", "neck.in_channels must be the channels of the maps that come in, [512, 256, 128]")]
    [InlineData("model.backbone.out_indices=[6]", "out_indices must name stages from 0 to 5")]
    [InlineData("model.backbone.depth=19", "depth must be 53, got 19")]
    [InlineData("train_cfg.assigner.type='MaxIoUAssigner'", "GridAssigner")]
    [InlineData("test_cfg.conf_thrs=0.1", "Did you mean conf_thr?")]
    public void Build_WrongParts_SaysWhichAndWhatToDo(string slip, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(V3, [slip]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rr_yolov4_cspd53_416_coco", "model.backbone.layers=[1,2]", "layers must have 5 entries, one per stage, got 2")]
    [InlineData("rr_yolov3_d53_416_coco", "model.backbone.type='RRCSPDarknet53'", "maps that come in, [256, 512, 1024], got [1024, 512, 256]")]
    [InlineData("rr_tiny_yolov3_416_coco", "model.bbox_head.type='RRYolov3Head'", "must have 3 entries")]
    [InlineData("rr_yolov5_416_coco", "model.backbone.width_multiple=1", "maps that come in, [256, 512, 1024], got [128, 256, 512]")]
    public void Build_PartsOfDifferentNetworks_SaysWhichAndWhatToDo(string recipe, string slip, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(recipe, [slip]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComputeLosses_NoTrainConfig_SaysWhatToAdd()
    {
        using var detector = Build(V3, [.. s_thin[V3], "train_cfg=None"]);
        using var batch = OneObject(1);

        var error = Assert.Throws<InvalidOperationException>(() => detector.ComputeLosses(batch));

        Assert.Contains("Add train_cfg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_AsLaterMMDetectionWritesIt_IsTheSameDetector()
    {
        // Since 2.12: its own type, and the weights to start from in the backbone.
        using var detector = Build(V3,
        [
            .. s_thin[V3], "model.type=YOLOV3", "model.pretrained=None", "model.backbone.init_cfg.type=Pretrained",
            "model.backbone.init_cfg.checkpoint=open-mmlab://darknet53",
        ]);

        Assert.IsType<SingleStageDetector>(detector);
        Assert.Equal("open-mmlab://darknet53", detector.Pretrained);
    }

    [Fact]
    public void Train_FrozenStages_KeepWeightsAndStatistics()
    {
        using var detector = Build(V3, [.. s_thin[V3], "model.backbone.frozen_stages=2"]);

        detector.Train();

        // The first layer and the first halving; norm_eval keeps all other norms of the backbone as well.
        Assert.All(detector.NamedParameters().Where(entry => entry.Name.StartsWith("backbone.", StringComparison.Ordinal)), entry =>
            Assert.Equal(
                !entry.Name.Contains("backbone.conv1.", StringComparison.Ordinal)
                    && !entry.Name.Contains("conv_res_block1.", StringComparison.Ordinal),
                entry.Tensor.RequiresGrad));
        Assert.All(detector.PretrainedPart.NamedModules().Select(entry => entry.Value)
            .OfType<MMDetSharp.Torch.Modules.BatchNorm2d>(), norm => Assert.False(norm.Training));
    }

    private static double Step(Detector detector, Sgd optimizer, Batch batch)
    {
        using var scope = TensorScope.Begin();
        var total = detector.ComputeLosses(batch).Total();
        detector.ZeroGrad();
        total.Backward();
        GradientClip.ByNorm(detector.NamedParameters(), 35); // as the recipe
        optimizer.Step();
        return total.Item();
    }

    // A bright square of 28 pixels in the middle of 64.
    private static Batch OneObject(int count)
    {
        using var scope = TensorScope.Begin();
        var images = Uniform(count, 64, 64);
        images.Narrow(2, 18, 28).Narrow(3, 18, 28).AddInPlace(1);
        var shape = new ImageShape(64, 64);
        var info = new ImageInfo { FileName = "square.png", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        var truths = Enumerable.Range(0, count).Select(_ => new GroundTruth(
            scope.Keep(Tensor.From([18f, 18, 46, 46], 1, 4)),
            scope.Keep(Tensor.From([1L], 1)),
            scope.Keep(Tensor.Zeros([0, 4]))));
        return new Batch(scope.Keep(images), [.. Enumerable.Repeat(info, count)], [.. truths]);
    }

    private static Tensor Uniform(int count, int height, int width)
    {
        using var generator = new Generator(5);
        var images = Tensor.Zeros([count, 3, height, width]);
        images.UniformInPlace(0, 1, generator);
        return images;
    }

    private static Detector Build(string recipe, string[] overrides)
    {
        using var generator = new Generator(3);
        var detector = DetectorBuilder.Build(
            Config.Load(RepositoryFolder.Under($"configs/yolo/{recipe}.py"), overrides));
        detector.InitWeights(generator);
        return detector;
    }
}
