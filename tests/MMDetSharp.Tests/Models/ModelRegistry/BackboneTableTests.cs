using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

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
    public void Build_ResNeXt_TheMiddleLayerHasGroups()
    {
        using var backbone = Build("type='ResNeXt', depth=50, groups=32, base_width=4");

        var shapes = backbone.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.Shape);

        // torchvision's resnext50_32x4d
        Assert.Equal([128, 64, 1, 1], shapes["layer1.0.conv1.weight"]);
        Assert.Equal([128, 4, 3, 3], shapes["layer1.0.conv2.weight"]);
        Assert.Equal([256, 128, 1, 1], shapes["layer1.0.conv3.weight"]);
        Assert.Equal([1024, 32, 3, 3], shapes["layer4.2.conv2.weight"]);
        Assert.Equal([1024], shapes["layer4.2.bn2.weight"]);
        Assert.Equal([new(256, 4), new(512, 8), new(1024, 16), new(2048, 32)], backbone.Outputs);
    }

    [Theory]
    [InlineData("ResNet', base_channels=8", "DCN", 18, 16)]
    [InlineData("ResNet', base_channels=8", "DCNv2", 27, 16)]
    [InlineData("ResNeXt', base_channels=8, groups=4, base_width=4", "DCNv2", 27, 8)]
    public void Build_Dcn_TheNamedStagesAreDeformable(string type, string dcn, int offsets, int inputs)
    {
        using var scope = TensorScope.Begin();
        using var backbone = Build(
            $"type='{type}, depth=50, dcn=dict(type='{dcn}', deform_groups=1, fallback_on_stride=False), "
            + "stage_with_dcn=(False, True, True, True)");

        var shapes = backbone.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.Shape);

        Assert.DoesNotContain("layer1.0.conv2.conv_offset.weight", shapes.Keys);
        Assert.Equal(offsets, shapes["layer2.0.conv2.conv_offset.weight"][0]);
        Assert.Equal([offsets], shapes["layer4.2.conv2.conv_offset.bias"]);
        Assert.Equal(13, shapes.Keys.Count(key => key.EndsWith("conv_offset.bias", StringComparison.Ordinal)));
        Assert.DoesNotContain("layer2.0.conv2.bias", shapes.Keys);
        Assert.Equal(inputs, shapes["layer2.1.conv2.weight"][1]);
        Assert.Equal([1, 256, 1, 2], backbone.Call(Tensor.Zeros([1, 3, 32, 64]))[3].Shape);
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
        Assert.Equal([new(16, 8), new(32, 16)], backbone.Outputs);
    }

    [Theory]
    [InlineData("type='ResNet', depth=50, out_indices=(1, 3)", "512@8 2048@32")]
    [InlineData("type='ResNet', depth=34, strides=(1, 2, 2, 1), dilations=(1, 1, 1, 2)", "64@4 128@8 256@16 512@16")]
    [InlineData("type='Darknet', out_indices=(0, 5)", "32@1 1024@32")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, base_channels=2, num_outs=4", "16@8 32@16 16@32 8@64")]
    [InlineData("type='SSDVGG', input_size=512, depth=11, base_channels=4, out_feature_indices=(4, 14, 24), num_outs=3", "8@2 32@8 64@16")]
    [InlineData("type='RRDarknet53', input_channels=4", "128@32 64@16 32@8")]
    [InlineData("type='RRCSPDarknet53', layers=[1, 1, 1, 1, 1]", "256@8 512@16 1024@32")]
    [InlineData("type='RRTinyYolov3Backbone'", "256@32 256@16")]
    [InlineData("type='RRTinyYolov4Backbone'", "512@16 256@16")]
    [InlineData("type='RRYoloV5Backbone', width_multiple=0.25", "64@8 128@16 256@32")]
    public void Outputs_OfThePlan_AreTheMapsThatComeOut(string options, string expected)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var plan = Plan(options);

        using var backbone = plan.Create();
        var maps = backbone.Call(Tensor.Zeros([1, 3, 64, 64]));

        Assert.Equal(expected, string.Join(' ', plan.Outputs.Select(map => $"{map.Channels}@{map.Stride}")));
        Assert.Equal(plan.Outputs, backbone.Outputs);
        Assert.Equal(plan.Outputs, maps.Select(map => new MapLevel((int)map.Size(1), 64 / (int)map.Size(2))));
    }

    [Fact]
    public void Call_ImagesOfOtherChannels_SaysWhoDecides()
    {
        using var scope = TensorScope.Begin();
        using var backbone = Build("type='ResNet', depth=18, base_channels=4");

        var error = Assert.Throws<ArgumentException>(() => backbone.Call(Tensor.Zeros([1, 1, 32, 32])));

        Assert.Contains("color_type", error.Message);
    }

    [Theory]
    [InlineData("type='ResNet', depth=51", "depth must be 18, 34, 50, 101 or 152, got 51")]
    [InlineData("type='ResNet'", "depth")]
    [InlineData("type='ResNet', depth=18, num_stages=3", "backbone.strides must have 3 entries, one per stage, got 4")]
    [InlineData("type='ResNet', depth=18, num_stages=5", "backbone.num_stages must be 1 to 4, got 5")]
    [InlineData("type='ResNet', depth=18, dilations=(1, 1)", "backbone.dilations must have 4 entries")]
    [InlineData("type='ResNet', depth=18, strides=(1, 2, 0, 2)", "backbone.strides must be positive numbers")]
    [InlineData("type='ResNet', depth=18, out_indices=(2, 4)", "out_indices must name stages from 0 to 3, rising, got [2, 4]")]
    [InlineData("type='ResNet', depth=18, out_indices=(3, 2)", "backbone.out_indices must name stages")]
    [InlineData("type='ResNet', depth=18, out_indices=()", "backbone.out_indices must name stages")]
    [InlineData("type='ResNet', depth=18, frozen_stages=5", "backbone.frozen_stages must be -1 to num_stages = 4, got 5")]
    [InlineData("type='ResNet', depth=18, base_channels=0", "backbone.base_channels must be positive, got 0")]
    [InlineData("type='ResNet', depth=18, deep_stem=True, stem_channels=3", "stem_channels must be even")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='GN', num_groups=3)", "norm_cfg must have num_groups that divide")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='BN', eps=0)", "norm_cfg.eps must be positive, got 0")]
    [InlineData("type='Darknet', out_indices=(6,)", "backbone.out_indices must name stages from 0 to 5")]
    [InlineData("type='Darknet', frozen_stages=7", "backbone.frozen_stages must be -1 to 6, got 7")]
    [InlineData("type='RRDarknet53', input_channels=0", "backbone.input_channels must be positive, got 0")]
    [InlineData("type='RRCSPDarknet53', layers=[1, 2]", "backbone.layers must have 5 entries, one per stage, got 2")]
    [InlineData("type='RRCSPDarknet53', layers=[1, 2, 8, 8, -1]", "backbone.layers must be positive numbers")]
    [InlineData("type='RRYoloV5Backbone', width_multiple=0", "backbone.width_multiple must be positive, got 0")]
    [InlineData("type='ResNet', depth=18, frozen_stage=1", "Did you mean frozen_stages?")]
    [InlineData("type='ResNet', depth=18, style='torch'", "must be one of pytorch, caffe, got 'torch'")]
    [InlineData("type='ResNet', depth=18, dcn=dict(type='DCN')", "dcn must be None for depths of 18 and 34")]
    [InlineData("type='ResNet', depth=50, dcn=dict(type='DCN3')", "dcn.type must be one of DCN, DCNv2")]
    [InlineData("type='ResNet', depth=50, dcn=dict(type='DCN', fallback_on_stride=True)", "fallback_on_stride must be False")]
    [InlineData("type='ResNet', depth=50, dcn=dict(type='DCN', deform_groups=3)", "dcn must have deform_groups that divide 64")]
    [InlineData("type='ResNet', depth=50, dcn=dict(type='DCN'), stage_with_dcn=(True,)", "stage_with_dcn must have 4 entries")]
    [InlineData("type='ResNeXt', depth=18", "depth must be 50, 101 or 152, got 18")]
    [InlineData("type='ResNeXt', depth=50, groups=0", "groups")]
    [InlineData("type='ResNet', depth=18, plugins=[dict()]", "plugins is not supported yet")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='BM')", "Did you mean BN?")]
    [InlineData("type='ResNet', depth=18, norm_cfg=dict(type='GN')", "num_groups")]
    [InlineData("type='ResNet', depth=18, conv_cfg=dict(type='ConvWS')", "conv_cfg.type must be one of Conv2d, Conv")]
    [InlineData("type='ResNest', depth=18", "Did you mean ResNet?")]
    [InlineData("type='SSDVGG', depth=16", "input_size is missing")]
    [InlineData("type='SSDVGG', input_size=300", "depth is missing")]
    [InlineData("type='SSDVGG', input_size=320, depth=16", "input_size must be 300 or 512, got 320")]
    [InlineData("type='SSDVGG', input_size=300, depth=18", "depth must be 11, 13, 16 or 19, got 18")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, base_channels=0", "base_channels must be positive, got 0")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, l2_norm_scale=0", "l2_norm_scale must be positive, got 0")]
    [InlineData("type='SSDVGG', input_size=300, depth=11", "must name ReLUs, rising, some of 1, 4, 7, 9, 12, 14, 17, 19, 22, 24, got (22, 34)")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, out_feature_indices=(21, 34)", "out_feature_indices must name ReLUs")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, out_feature_indices=(34, 22)", "out_feature_indices must name ReLUs")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, out_feature_indices=()", "out_feature_indices must name ReLUs")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, num_outs=1", "num_outs must be 2 to 6, got 1")]
    [InlineData("type='SSDVGG', input_size=512, depth=16, num_outs=8", "num_outs must be 2 to 7, got 8")]
    [InlineData("type='SSDVGG', input_size=300, depth=16, frozen_stages=1", "frozen_stages is not an option of SSDVGG")]
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

    private static Backbone Build(string options) => Plan(options).Create();

    private static BackbonePlan Plan(string options)
    {
        var config = Config.Parse($"backbone = dict({options})", "net.py");
        return BackboneTable.Backbones.Build(new ConfigReader(config.Root).Node("backbone"));
    }
}
