using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Models.Necks;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.ModelRegistry;

public sealed class NeckTableTests
{
    private static readonly MapLevel[] s_maps = [new(8, 8), new(16, 16), new(32, 32)];

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
    }

    [Fact]
    public void Build_None_IsNone() => Assert.Null(Build("None"));

    [Theory]
    [InlineData("dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=5)", "4@8 4@16 4@32 4@64 4@128")]
    [InlineData("dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=3, start_level=1)", "4@16 4@32 4@64")]
    [InlineData("dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=2, end_level=2)", "4@8 4@16")]
    [InlineData("[dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=3), "
        + "dict(type='FPN', in_channels=[4, 4, 4], out_channels=2, num_outs=3)]", "2@8 2@16 2@32")]
    [InlineData("dict(type='YOLOV3Neck', num_scales=3, in_channels=[32, 16, 8], out_channels=[6, 4, 2])", "6@32 4@16 2@8")]
    public void Connect_MapsThatFit_GivesThoseThatComeOut(string node, string expected)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var plan = Plan(node)!;
        using var neck = plan.Create();

        var planned = plan.Connect(s_maps);
        var maps = neck.Call([.. s_maps.Select(map => Tensor.Zeros([1, map.Channels, 128 / map.Stride, 128 / map.Stride]))]);

        Assert.Equal(expected, string.Join(' ', planned.Select(map => $"{map.Channels}@{map.Stride}")));
        Assert.Equal(planned, maps.Select(map => new MapLevel((int)map.Size(1), 128 / (int)map.Size(2))));
    }

    [Theory]
    [InlineData("dict(type='FPN', in_channels=[8, 16, 64], out_channels=4, num_outs=3)",
        "neck.in_channels must be the channels of the maps that come in, [8, 16, 32], got [8, 16, 64]")]
    [InlineData("dict(type='FPN', in_channels=[16, 32], out_channels=4, num_outs=3)", "got [16, 32]")]
    [InlineData("dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=3, upsample_cfg=dict(scale_factor=3))",
        "neck.upsample_cfg must fit the maps that come in, of strides [8, 16, 32]: each is resized by 3")]
    [InlineData("[dict(type='FPN', in_channels=[8, 16, 32], out_channels=4, num_outs=3), "
        + "dict(type='FPN', in_channels=[8, 16, 32], out_channels=2, num_outs=3)]",
        "neck.1.in_channels must be the channels of the maps that come in, [4, 4, 4]")]
    [InlineData("dict(type='YOLOV3Neck', num_scales=3, in_channels=[8, 16, 32], out_channels=[6, 4, 2])",
        "neck.in_channels must be the channels of the maps that come in, [32, 16, 8]")]
    [InlineData("dict(type='RRDarkNeck', input_channels=1)",
        "neck.input_channels must be the channels of the maps that come in, [8, 16, 32], got [32, 16, 8]")]
    [InlineData("dict(type='RRYoloV4DarkNeck')", "neck.type must be the channels of the maps that come in, [8, 16, 32], got [256, 512, 1024]")]
    public void Connect_MapsThatDoNotFit_NamesThePlaceAndTheWayOut(string node, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Plan(node)!.Connect(s_maps));

        Assert.StartsWith("net.py:1: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Connect_MapsThatAreNoNeighbours_AreRefusedWhereTheNeckDoublesThem()
    {
        var plan = Plan("dict(type='YOLOV3Neck', num_scales=2, in_channels=[32, 8], out_channels=[6, 4])")!;

        var error = Assert.Throws<ConfigException>(() => plan.Connect([s_maps[0], s_maps[2]]));

        Assert.Contains("neck.in_channels must fit the maps that come in, of strides [8, 32]: each is resized by 2", error.Message);
    }

    [Theory]
    [InlineData("[]", "neck must be a neck or a list of necks, got an empty list")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=1, start_level=1)",
        "neck.start_level must be 0 to 0, got 1")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=1, end_level=2)",
        "neck.end_level must be -1 or 1 to 1, got 2")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=0, num_outs=1)", "neck.out_channels must be positive")]
    [InlineData("dict(type='FPN', in_channels=[8], out_channels=4, num_outs=1, norm_cfg=dict(type='GN', num_groups=3))",
        "neck.norm_cfg must have num_groups that divide the layer's 4 channels, got 3")]
    [InlineData("dict(type='RRDarkNeck', input_channels=0)", "neck.input_channels must be positive, got 0")]
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

    private static Neck? Build(string node) => Plan(node)?.Create();

    private static NeckPlan? Plan(string node) =>
        NeckTable.Build(new ConfigReader(Config.Parse($"neck = {node}", "net.py").Root), "neck");
}
