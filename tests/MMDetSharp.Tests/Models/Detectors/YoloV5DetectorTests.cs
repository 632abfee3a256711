using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Tests.Support;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors;

/// <summary>The network of YOLOv5 from its rows: sizes, parameters, faults.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class YoloV5DetectorTests
{
    // v4.0 and v5.0: another stem, SPP in the place of SPPF and before the last C3, nine C3 at stride 8.
    private static readonly string[] s_version4 =
    [
        "model.backbone.0=[-1, 1, 'Focus', [64, 3]]", "model.backbone.4=[-1, 9, 'C3', [256]]",
        "model.backbone.8=[-1, 1, 'SPP', [1024, [5, 9, 13]]]", "model.backbone.9=[-1, 3, 'C3', [1024, False]]",
    ];

    // The numbers that YOLOv5's models/yolo.py prints for its own files.
    [Theory]
    [InlineData("n", 1_872_157)]
    [InlineData("s", 7_235_389)]
    [InlineData("m", 21_190_557)]
    [InlineData("l", 46_563_709)]
    [InlineData("x", 86_749_405)]
    public void Build_Version6_HasThePublishedParameters(string size, long expected) =>
        Assert.Equal(expected, Parameters(size));

    [Theory]
    [InlineData("s", 7_276_605)]
    [InlineData("m", 21_375_645)]
    [InlineData("l", 47_056_765)]
    [InlineData("x", 87_775_965)]
    public void Build_Version4_HasThePublishedParameters(string size, long expected) =>
        Assert.Equal(expected, Parameters(size, s_version4));

    [Theory]
    [InlineData(32, 32)]
    [InlineData(64, 160)]
    [InlineData(224, 96)]
    public void ForwardDense_Compiled_EqualsEagerAtEverySize(int height, int width)
    {
        foreach (var rows in (string[][])[[], s_version4])
        {
            using var scope = TensorScope.Begin();
            using var noGrad = GradMode.NoGrad();
            using var model = Build("n", ["model.width_multiple=0.125", .. rows]);
            using var generator = new Generator(5);
            model.InitWeights(generator);
            model.Eval();
            using var compiled = new CompiledExecutor(model);
            var images = Tensor.Zeros([3, 3, height, width]);
            images.UniformInPlace(0, 1, generator);

            var expected = model.Parts[0].Forward(images).Tensors;
            var actual = compiled.Run(model.Parts[0], images).Tensors;

            foreach (var (eager, fast) in expected.Zip(actual))
            {
                Assert.Equal(eager.Shape, fast.Shape);
                GoldenComparer.AssertValues("map", eager.ToDoubleArray(), fast.ToDoubleArray(), (1e-4, 1e-4));
            }
        }
    }

    [Fact]
    public void Detect_TwoImages_LeavesNothingBehind()
    {
        using var model = Build("n", "model.width_multiple=0.125", "test_cfg.score_thr=0");
        using var batch = new Batch(Tensor.Zeros([2, 3, 64, 96]), [Info, Info]);
        model.Eval();
        var before = Tensor.LiveCount;

        foreach (var found in model.Detect(batch, rescale: true))
        {
            Assert.Equal(300, found.Count); // max_per_img, of 378 places that are all as sure as they can be
            found.Dispose();
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void ForwardDense_SizeThatDoesNotFit_NamesTheStride()
    {
        using var model = Build("n", "model.width_multiple=0.125");
        using var images = Tensor.Zeros([1, 3, 64, 50]);

        var failure = Assert.Throws<ArgumentException>(() => model.Parts[0].Forward(images));

        Assert.Contains("multiples of 32, got 64 x 50", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_FourOutputs_HasStride64()
    {
        using var model = Build(
            "n",
            "model.width_multiple=0.125",
            "model.anchors=[[10, 13], [30, 61], [116, 90], [300, 300]]",
            "model.backbone=[[-1, 1, 'Conv', [64, 6, 8, 2]], [-1, 1, 'GhostConv', [64, 3, 2]], " +
            "[-1, 1, 'GhostBottleneck', [64, 3, 2]], [-1, 2, 'C3Ghost', [64]], [-1, 1, 'DWConv', [64, 3, 2]]]",
            "model.head=[[[0, 1, 3, 4], 1, 'Detect', ['nc', 'anchors']]]");
        using var images = Tensor.Zeros([1, 3, 128, 64]);
        model.Eval();

        var maps = model.Parts[0].Forward(images).Tensors;

        Assert.Equal([8, 16, 32, 64], ((YoloV5Detector)model).Levels.Select(level => level.Stride));
        Assert.Equal([1L, 85, 2, 1], maps[3].Shape);
        Array.ForEach(maps, map => map.Dispose());
    }

    [Theory]
    [InlineData("model.backbone.2=[-1, 3, 'C3TR', [128]]", "row 2, C3TR: there is no such module")]
    [InlineData("model.head.14=[[17, 20, 23], 1, 'Segment', ['nc', 'anchors', 32, 256]]", "must be Detect, found Segment")]
    [InlineData("model.backbone.1=[-1, 1, 'Conv', ['x', 3, 2]]", "row 1, Conv: argument 0 must be a whole number, got x")]
    [InlineData("model.head.2=[[-1, 60], 1, 'Concat', [1]]", "its input 60 must be a row before it")]
    [InlineData("model.head.0=[-1, 'Conv']", "must hold [from, number, module, args]")]
    [InlineData("model.anchors=[[1, 2, 3]]", "must be a list of [width, height")]
    [InlineData("model.anchors=[[1, 2]]", "anchors for each of its 3 maps, got 1")]
    [InlineData("model.nc=0", "must be positive")]
    public void Build_RowThatDoesNotFit_NamesIt(string change, string expected)
    {
        var failure = Assert.Throws<ConfigException>(() => Build("n", change));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComputeLosses_WithoutLoss_SaysWhatToAdd()
    {
        using var model = Build("n", "model.width_multiple=0.125", "model.loss=None");
        using var batch = new Batch(Tensor.Zeros([1, 3, 64, 64]), [Info]);

        var failure = Assert.Throws<InvalidOperationException>(() => model.ComputeLosses(batch));

        Assert.Contains("loss=dict(type='YOLOv5Loss')", failure.Message, StringComparison.Ordinal);
    }

    private static ImageInfo Info => new()
    {
        FileName = "x.jpg",
        OriginalShape = new(64, 64),
        ImageShape = new(64, 64),
        PadShape = new(64, 64),
    };

    private static long Parameters(string size, params string[] overrides)
    {
        using var model = Build(size, overrides);
        return model.NamedParameters().Sum(entry => entry.Tensor.ElementCount);
    }

    private static Detector Build(string size, params string[] overrides) => DetectorBuilder.Build(
        Config.Load(RepositoryFolder.Under($"configs/yolov5/yolov5{size}_coco.py"), overrides));
}
