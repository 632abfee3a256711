using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Conversion;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.ForeignModels;

/// <summary>The reference's tiny YOLOv4 is the network of Darknet's cfg, and its weights are at home in both.</summary>
public sealed class RRTinyYoloV4WeightsTests
{
    private const string Upsample = "[upsample]\nstride=2\n";
    private const string Halve = "[maxpool]\nsize=2\nstride=2\n";

    [Fact]
    public void ForwardDense_WeightsConvertedToDarknetAndBack_GivesTheMapsOfTheCfg()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var folder = new TemporaryFolder();
        var config = folder.Write("rr.py", $"""
            _base_ = '{RepositoryFolder.Under("configs/yolo/rr_tiny_yolov4_416_coco.py")}'
            model = dict(bbox_head=dict(num_classes=2))
            """);
        var (cfg, weights) = (folder.Write("tiny.cfg", Cfg()), folder.Under("tiny.weights"));
        using var random = DetectorBuilder.Build(Config.Load(config));
        using var generator = new Generator(1);
        random.InitWeights(generator);
        random.Eval();
        DarknetWeights.Save(random, weights, DarknetHeader.Current);

        DarknetConversion.ToCheckpoint(new()
        {
            Cfg = cfg,
            Weights = weights,
            Checkpoint = folder.Under("rr.pth"),
            Config = config,
        });
        DarknetConversion.ToCheckpoint(new() { Cfg = cfg, Weights = weights, Checkpoint = folder.Under("own.pth") });

        var images = Tensor.Zeros([1, 3, 64, 96]);
        images.UniformInPlace(0, 1, generator);
        using var reference = ModelLoading.Load(Config.Load(config), folder.Under("rr.pth"), Device.Cpu);
        using var darknet = ModelLoading.Load(Config.Load(folder.Under("own.py")), folder.Under("own.pth"), Device.Cpu);
        var expected = random.Parts[0].Forward(images).Tensors;
        AssertNear(expected, reference.Parts[0].Forward(images).Tensors, 0);
        AssertNear(expected, darknet.Parts[0].Forward(images).Tensors, 1e-5); // norms may be folded into kernels
    }

    private static void AssertNear(Tensor[] expected, Tensor[] actual, double relative)
    {
        Assert.Equal(expected.Select(map => map.Shape), actual.Select(map => map.Shape));
        Assert.All(expected.Zip(actual), pair => Assert.InRange(
            (pair.First - pair.Second).Abs().Max().Item(), 0, relative * pair.First.Abs().Max().Item()));
    }

    // Darknet's yolov4-tiny.cfg with two classes: the second half of the channels goes through two convolutions.
    private static string Cfg() => string.Concat(
    [
        "[net]\nwidth=64\nheight=64\nchannels=3\n",
        Conv(32, 3, 2), Conv(64, 3, 2),
        .. Stage(64), Halve, .. Stage(128), Halve, .. Stage(256), Halve,
        Conv(512, 3), Conv(256, 1), Conv(512, 3), Prediction(), Yolo("3,4,5"),
        Route("-4"), Conv(128, 1), Upsample, Route("-1,23"), Conv(256, 3), Prediction(), Yolo("1,2,3"),
    ]);

    private static string[] Stage(int channels) =>
    [
        Conv(channels, 3), Route("-1") + "groups=2\ngroup_id=1\n", Conv(channels / 2, 3), Conv(channels / 2, 3),
        Route("-1,-2"), Conv(channels, 1), Route("-6,-1"),
    ];

    private static string Conv(int filters, int size, int stride = 1) =>
        $"[convolutional]\nbatch_normalize=1\nfilters={filters}\nsize={size}\nstride={stride}\npad=1\nactivation=leaky\n";

    private static string Prediction() => "[convolutional]\nsize=1\nstride=1\npad=1\nfilters=21\nactivation=linear\n";

    private static string Route(string layers) => $"[route]\nlayers={layers}\n";

    private static string Yolo(string mask) =>
        $"[yolo]\nmask={mask}\nanchors=10,14,23,27,37,58,81,82,135,169,344,319\nclasses=2\nnum=6\nscale_x_y=1.05\n";
}
