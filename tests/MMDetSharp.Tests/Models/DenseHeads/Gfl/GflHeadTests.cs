using MMDetSharp.Core.Configs;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.ModelRegistry;

namespace MMDetSharp.Tests.Models.DenseHeads.Gfl;

public sealed class GflHeadTests
{
    // A softmax would score the background too, and no IoU.
    [Fact]
    public void Build_ScoresOfASoftmax_AreRefused()
    {
        var config = ThinRecipes.Load("quickstart/gfl_r18_shapes");
        var loss = (ConfigNode)((ConfigNode)((ConfigNode)config.Root["model"])["bbox_head"])["loss_cls"];
        loss.Set("use_sigmoid", new ConfigScalar(null, loss.Origin), loss.Origin);

        var error = Assert.Throws<ConfigException>(() => DetectorBuilder.Build(config));

        Assert.Contains("loss_cls must have use_sigmoid=True", error.Message, StringComparison.Ordinal);
    }
}
