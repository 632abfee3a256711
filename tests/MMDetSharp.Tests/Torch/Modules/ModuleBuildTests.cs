using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Modules;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ModuleBuildTests
{
    [Fact]
    public void Run_FailsAfterTwoLayers_NothingIsLeft()
    {
        var before = Tensor.LiveCount;

        Assert.Throws<InvalidDataException>(() => ModuleBuild.Run<Module>(() =>
        {
            _ = new Conv2d(3, 4, new() { Kernel = 3 });
            _ = ModuleBuild.Run(() => new BatchNorm2d(4));
            throw new InvalidDataException("The third layer cannot be built.");
        }));

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Run_Succeeds_TheModuleKeepsItsTensors()
    {
        using var layer = ModuleBuild.Run(() => new Conv2d(3, 4, new() { Kernel = 3 }));

        Assert.Equal(4 * 3 * 9, layer.Weight.ToArray().Length);
    }

    [Theory]
    [InlineData("model.backbone.norm_cfg.type='GN'", "model.backbone.norm_cfg.num_groups=5")] // while layers are made
    [InlineData("model.neck.in_channels=[1,2,3,4]")] // before
    [InlineData("model.bbox_head.feat_chanels=3")]
    [InlineData("test_cfg.nms_prae=3")] // after
    public void Build_WrongConfig_NothingIsLeft(params string[] slips)
    {
        var before = Tensor.LiveCount;
        var config = Config.Load(RepositoryFolder.Under("configs/quickstart/retinanet_r18_shapes.py"), slips);

        Assert.Throws<ConfigException>(() => DetectorBuilder.Build(config));

        CountsTensors.AssertAtMost(before);
    }
}
