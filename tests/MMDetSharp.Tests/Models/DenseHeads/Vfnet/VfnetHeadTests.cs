using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Vfnet;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class VfnetHeadTests
{
    // FCOS's assignment; labels instead of IoUs; distances in strides; boxes as the reference encodes them.
    [Theory]
    [InlineData("use_atss", false)]
    [InlineData("use_vfl", false)]
    [InlineData("center_sampling", true)]
    [InlineData("reg_decoded_bbox", false)]
    public void Train_EveryVariant_LossesAndGradientsAreFinite(string key, bool value)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(key, value);

        var terms = detector.ComputeLosses(OneObject());
        terms.Total().Backward();

        Assert.Equal(["loss_cls", "loss_bbox", "loss_bbox_rf", "loss"], terms.ReadValues().Select(term => term.Key));
        Assert.All(terms.ReadValues(), term => Assert.True(double.IsFinite(term.Value) && term.Value > 0, term.Key));
        Assert.All(
            detector.NamedParameters().Where(entry => entry.Tensor.RequiresGrad),
            entry => Assert.True(double.IsFinite(entry.Tensor.Grad!.Sum().Item()), entry.Name));
    }

    // All layers are 0: every distance is exp(0) times 32, 64, 128 and 256 pixels, or times the stride.
    [Theory]
    [InlineData("reg_denom", 32, 256)]
    [InlineData("stride", 8, 64)]
    public void Forward_NoWeights_DistancesAreTheNorm(string norm, float first, float last)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = Build("bbox_norm_type", norm);
        detector.Eval();

        var maps = ((SingleStageDetector)detector).ForwardDense(Tensor.Zeros([1, 3, 64, 64]));

        foreach (var name in (string[])["bbox_pred", "bbox_pred_refine"])
        {
            Assert.All(maps[name][0].ToArray(), distance => Assert.Equal(first, distance));
            Assert.All(maps[name][^1].ToArray(), distance => Assert.Equal(last, distance));
        }
    }

    private static Detector Build(string key, object value)
    {
        var config = ThinRecipes.Load("quickstart/vfnet_r18_shapes");
        var head = (ConfigNode)((ConfigNode)config.Root["model"])["bbox_head"];
        head.Set(key, new ConfigScalar(value, head.Origin), head.Origin);
        var detector = DetectorBuilder.Build(config);
        if (value is bool)
        {
            using var generator = new Generator(3);
            detector.InitWeights(generator);
        }

        return detector;
    }

    private static Batch OneObject()
    {
        var shape = new ImageShape(64, 64, 3);
        return new Batch(
            Tensor.Full([1, 3, 64, 64], 0.5),
            [new() { FileName = "drawn.png", OriginalShape = shape, ImageShape = shape, PadShape = shape }],
            [new GroundTruth(Tensor.From([8f, 8, 40, 40], 1, 4), Tensor.From([1L], 1), Tensor.Zeros([0, 4]))]);
    }
}
