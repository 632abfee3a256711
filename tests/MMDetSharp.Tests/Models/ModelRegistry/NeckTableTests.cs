using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Models.Necks;

namespace MMDetSharp.Tests.Models.ModelRegistry;

public sealed class NeckTableTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData(", add_extra_convs=True", true, true)]
    [InlineData(", add_extra_convs=True, extra_convs_on_inputs=False", true, false)]
    [InlineData(", add_extra_convs='on_input'", true, true)]
    [InlineData(", add_extra_convs='on_lateral'", true, false)]
    [InlineData(", add_extra_convs='on_output', extra_convs_on_inputs=True", true, false)]
    [InlineData(", add_extra_convs=False", false, false)]
    public void Build_ExtraConvs_AsTheReference(string option, bool hasLayer, bool onInput)
    {
        using var neck = Build("dict(type='FPN', in_channels=[8, 16], out_channels=4, num_outs=3" + option + ")");

        var layer = neck!.StateDict().SingleOrDefault(entry => entry.Name == "fpn_convs.2.conv.weight");

        Assert.Equal(hasLayer, layer is not null);
        Assert.Equal(onInput ? 16 : 4, layer?.Tensor.Size(1) ?? 4);
    }

    [Fact]
    public void Build_NormAndActivation_AreTaken()
    {
        using var neck = Build(
            "dict(type='FPN', in_channels=[8], out_channels=4, num_outs=1, no_norm_on_lateral=True, "
            + "norm_cfg=dict(type='GN', num_groups=2, requires_grad=True), act_cfg=dict(type='ReLU'), "
            + "upsample_cfg=dict(mode='nearest', scale_factor=2))");

        Assert.Equal(
            ["lateral_convs.0.conv.weight", "lateral_convs.0.conv.bias", "fpn_convs.0.conv.weight",
             "fpn_convs.0.gn.weight", "fpn_convs.0.gn.bias"],
            neck!.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void Build_List_KeysBeginWithTheIndex()
    {
        using var neck = Build("[dict(type='FPN', in_channels=[8], out_channels=4, num_outs=2)]");

        Assert.Equal("0.lateral_convs.0.conv.weight", neck!.StateDict()[0].Name);
        Assert.Equal(2, neck.LevelCount);
    }

    [Fact]
    public void Build_None_IsNone() => Assert.Null(Build("None"));

    [Theory]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=0)", "num_outs must be at least")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=2, add_extra_convs='on_inputs')",
        "Did you mean on_input?")]
    [InlineData("dict(type='FPN', in_channels=8, out_channels=4, num_outs=1)", "in_channels")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=1, upsample_cfg=dict(mode='bicubic'))",
        "upsample_cfg.mode must be one of nearest")]
    [InlineData("dict(type='PAFPN', in_channels=[8], out_channels=4, num_outs=1)", "Known are")]
    public void Build_WrongOption_NamesThePlaceAndTheWayOut(string node, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(node));

        Assert.StartsWith("net.py:1: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    private static Neck? Build(string node) =>
        NeckTable.Build(new ConfigReader(Config.Parse($"neck = {node}", "net.py").Root), "neck");
}
