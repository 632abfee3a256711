using MMDetSharp.Models.DenseHeads.RetinaNet;
using MMDetSharp.Models.Layers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.RetinaNet;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class RetinaHeadTests
{
    private static readonly RetinaHeadOptions s_options = new()
    {
        Tower = new() { InChannels = 4, Channels = 8, StackedConvs = 2 },
        AnchorsPerPlace = 3,
        ScoreCount = 5,
    };

    [Fact]
    public void StateDict_TwoLayers_HasTheReferencesKeys()
    {
        using var head = new RetinaHead(s_options);

        string[] expected =
        [
            "cls_convs.0.conv.weight", "cls_convs.0.conv.bias", "cls_convs.1.conv.weight", "cls_convs.1.conv.bias",
            "reg_convs.0.conv.weight", "reg_convs.0.conv.bias", "reg_convs.1.conv.weight", "reg_convs.1.conv.bias",
            "retina_cls.weight", "retina_cls.bias", "retina_reg.weight", "retina_reg.bias",
        ];
        Assert.Equal(expected, head.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void StateDict_GroupNorm_HasNormsAndNoBias()
    {
        using var head = new RetinaHead(s_options with
        {
            Tower = s_options.Tower with { Norm = new() { Type = NormType.Group, Groups = 2 } },
        });

        Assert.Equal(
            ["cls_convs.0.conv.weight", "cls_convs.0.gn.weight", "cls_convs.0.gn.bias"],
            head.StateDict().Take(3).Select(entry => entry.Name));
    }

    [Fact]
    public void Forward_TwoLevels_MapsKeepTheirSizes()
    {
        using var scope = TensorScope.Begin();
        using var head = new RetinaHead(s_options);
        using var noGrad = GradMode.NoGrad();
        var before = Tensor.LiveCount;

        var maps = head.Forward([Tensor.Zeros([2, 4, 6, 5]), Tensor.Zeros([2, 4, 3, 3])]);

        Assert.Equal([2, 15, 6, 5], maps["cls_score"][0].Shape);
        Assert.Equal([2, 12, 3, 3], maps["bbox_pred"][1].Shape);
        CountsTensors.AssertAtMost(before + 6); // the two inputs and four maps
    }

    [Fact]
    public void Forward_NoStackedConvs_PredictsFromTheFeatures()
    {
        using var scope = TensorScope.Begin();
        using var head = new RetinaHead(s_options with { Tower = s_options.Tower with { StackedConvs = 0 } });

        Assert.Equal([1, 15, 2, 2], head.Forward([Tensor.Zeros([1, 4, 2, 2])])["cls_score"][0].Shape);
    }

    [Fact]
    public void InitWeights_Called_AnObjectHasProbabilityOneInAHundred()
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(1);
        using var head = new RetinaHead(s_options);

        head.InitWeights(generator);

        var state = head.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.All(state["retina_cls.bias"].Sigmoid().ToArray(), p => Assert.Equal(0.01f, p, 1e-6f));
        Assert.All(state["retina_reg.bias"].ToArray(), bias => Assert.Equal(0, bias));
        Assert.All(state["cls_convs.0.conv.bias"].ToArray(), bias => Assert.Equal(0, bias));
        Assert.Equal(0.01, state["reg_convs.1.conv.weight"].Std().Item(), 1.5e-3); // 576 draws
    }
}
