using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

public sealed class ConvTowerTests
{
    [Theory]
    [InlineData("dcn_on_last_conv=True", "", "27")]
    [InlineData("dcn_on_last_conv=True, conv_bias=True", "", "27")]
    [InlineData("conv_cfg=dict(type='DCN', deform_groups=2)", "36", "36")]
    [InlineData("conv_cfg=dict(type='DCN', deformable_groups=2), dcn_on_last_conv=True", "36", "27")]
    [InlineData("conv_cfg=dict(type='DCNv2'), norm_cfg=None", "27", "27")]
    [InlineData("conv_cfg=dict(type='Conv2d')", "", "")]
    public void Make_FromConfig_TheLayersThatAreNamedAreDeformable(string keys, string first, string last)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(1);
        using var tower = ConvTower.Make(Read(keys));

        ConvTower.InitWeights(tower, generator);

        var state = tower.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal((first, last), (Offsets("0"), Offsets("1")));
        Assert.Equal(
            keys.Contains("conv_bias", StringComparison.Ordinal) || keys.Contains("norm_cfg", StringComparison.Ordinal),
            state.ContainsKey("1.conv.bias"));
        Assert.All(
            state.Where(entry => entry.Key.Contains("conv_offset", StringComparison.Ordinal)),
            entry => Assert.Equal(0, entry.Value.Abs().Max().Item()));
        Assert.Equal([1, 32, 5, 6], tower.Call(Tensor.Ones([1, 32, 5, 6])).Shape);

        string Offsets(string layer) => state.TryGetValue($"{layer}.conv.conv_offset.bias", out var bias) ? $"{bias.Size(0)}" : "";
    }

    [Theory]
    [InlineData("conv_cfg=dict(type='DCN'), norm_cfg=None", "conv_cfg must not be DCN where the layers have a bias")]
    [InlineData("conv_cfg=dict(type='DCN'), conv_bias=True", "conv_cfg must not be DCN where the layers have a bias")]
    [InlineData("conv_cfg=dict(type='DCNv3')", "conv_cfg.type must be one of Conv2d, Conv, DCN, DCNv2")]
    public void FromConfig_WhatCannotBe_NamesThePlace(string keys, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Read(keys));

        Assert.StartsWith("net.py:1: head.", error.Message);
        Assert.Contains(expected, error.Message);
    }

    private static TowerOptions Read(string keys)
    {
        var config = Config.Parse($"head = dict(type='FCOSHead', in_channels=32, feat_channels=32, stacked_convs=2, {keys})", "net.py");
        var reader = new ConfigReader(config.Root).Node("head");
        return TowerOptions.FromConfig(reader, TowerOptions.GroupNorm).WithPointKeys(reader);
    }
}
