using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Atss;

public sealed class AtssCriterionTests
{
    // Later versions of MMDetection say reg_decoded_bbox=True for what ATSS does anyway: targets are boxes then.
    [Theory]
    [InlineData("quickstart/atss_r18_shapes")]
    [InlineData("quickstart/gfl_r18_shapes")]
    [InlineData("quickstart/paa_r18_shapes")]
    public void Compute_TargetsAsBoxes_LossesAreTheSame(string recipe)
    {
        using var scope = TensorScope.Begin();

        var (encoded, boxes) = (Losses(recipe, compareBoxes: false), Losses(recipe, compareBoxes: true));

        Assert.All(encoded.Zip(boxes), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-4));
    }

    [Fact]
    public void Compute_AssignerThatLetsCentresOut_NamesTheWayOut()
    {
        using var scope = TensorScope.Begin();
        var config = ThinRecipes.Load("quickstart/atss_r18_shapes");
        var other = ThinRecipes.Load("quickstart/paa_r18_shapes");
        var train = (ConfigNode)config.Root["train_cfg"];
        train.Set("assigner", ((ConfigNode)other.Root["train_cfg"])["assigner"], train.Origin);

        var error = Assert.Throws<InvalidOperationException>(() => Losses(config));

        Assert.Contains("Take assigner=dict(type='ATSSAssigner', topk=9)", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Losses(string recipe, bool compareBoxes)
    {
        var config = ThinRecipes.Load(recipe);
        var head = (ConfigNode)((ConfigNode)config.Root["model"])["bbox_head"];
        head.Set("reg_decoded_bbox", new ConfigScalar(compareBoxes, head.Origin), head.Origin);
        return Losses(config);
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Losses(Config config)
    {
        using var detector = DetectorBuilder.Build(config);
        using var generator = new Generator(3);
        detector.InitWeights(generator);
        var shape = new ImageShape(64, 64, 3);
        var truth = new GroundTruth(
            Tensor.From([8f, 8, 40, 40, 30, 20, 60, 60], 2, 4), Tensor.From([0L, 1], 2), Tensor.Zeros([0, 4]));
        LossTerms terms = detector.ComputeLosses(new Batch(
            Tensor.Full([1, 3, 64, 64], 0.5),
            [new() { FileName = "drawn.png", OriginalShape = shape, ImageShape = shape, PadShape = shape }],
            [truth]));
        return terms.ReadValues();
    }
}
