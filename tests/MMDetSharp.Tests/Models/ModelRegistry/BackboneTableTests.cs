using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.ModelRegistry;

namespace MMDetSharp.Tests.Models.ModelRegistry;

public sealed class BackboneTableTests
{
    [Fact]
    public void Build_ResNetV1d_HasADeepStem()
    {
        using var backbone = Build("type='ResNetV1d', depth=50, base_channels=8");

        Assert.Contains("stem.0.weight", backbone.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void Build_AllOptions_AreTaken()
    {
        using var backbone = Build(
            "type='ResNet', depth=18, in_channels=1, stem_channels=4, base_channels=8, num_stages=3, "
            + "strides=(1, 2, 2), dilations=(1, 1, 2), out_indices=(1, 2), style='caffe', deep_stem=False, "
            + "avg_down=False, frozen_stages=0, conv_cfg=None, norm_cfg=dict(type='GN', num_groups=2, eps=1e-3), "
            + "norm_eval=False, dcn=None, stage_with_dcn=(False, False, False), plugins=None, with_cp=True, "
            + "zero_init_residual=False");

        var shapes = backbone.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.Shape);

        Assert.Equal([4, 1, 7, 7], shapes["conv1.weight"]);
        Assert.Equal([8, 4, 3, 3], shapes["layer1.0.conv1.weight"]);
        Assert.Contains("layer3.1.gn2.bias", shapes.Keys);
        Assert.Equal([16, 32], backbone.OutputChannels);
        Assert.Equal([8, 16], backbone.OutputStrides);
    }

    [Theory]
    [InlineData("type='ResNet', depth=51", "depth must be 18, 34, 50, 101 or 152, got 51")]
    [InlineData("type='ResNet'", "depth")]
    [InlineData("type='ResNet', depth=18, frozen_stage=1", "Did you mean frozen_stages?")]
    [InlineData("type='ResNet', depth=18, style='torch'", "must be one of pytorch, caffe, got 'torch'")]
    [InlineData("type='ResNet', depth=18, dcn=dict(type='DCN')", "dcn is not supported yet")]
    [InlineData("type='ResNet', depth=18, plugins=[dict()]", "plugins is not supported yet")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='BM')", "Did you mean BN?")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='GN')", "num_groups")]
    [InlineData("type='ResNet', depth=18, conv_cfg=dict(type='ConvWS')", "conv_cfg.type must be one of Conv2d, Conv")]
    [InlineData("type='ResNest', depth=18", "Did you mean ResNet?")]
    public void Build_WrongOption_NamesThePlaceAndTheWayOut(string options, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(options));

        Assert.StartsWith("net.py:1: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Build_SyncBN_IsBN()
    {
        using var backbone = Build("type='ResNet', depth=18, base_channels=4, norm_cfg=dict(type='SyncBN')");

        Assert.Contains("bn1.running_mean", backbone.StateDict().Select(entry => entry.Name));
    }

    private static Backbone Build(string options)
    {
        var config = Config.Parse($"backbone = dict({options})", "net.py");
        return BackboneTable.Backbones.Build(new ConfigReader(config.Root).Node("backbone"));
    }
}
