using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The backbones by their names in configs.</summary>
internal static class BackboneTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static Registry<BackbonePlan> Backbones { get; } = new("backbone", new()
    {
        ["ResNet"] = ResNet.FromConfig,
        ["ResNetV1d"] = ResNet.V1dFromConfig,
        ["ResNeXt"] = ResNet.NextFromConfig,
        ["SSDVGG"] = SsdVgg.FromConfig,
        ["Darknet"] = Darknet.FromConfig,
        ["RRDarknet53"] = StagedBackbone.Darknet53FromConfig,
        ["RRCSPDarknet53"] = RRCspDarknet53.FromConfig,
        ["RRTinyYolov3Backbone"] = _ => StagedBackbone.TinyV3Plan,
        ["RRTinyYolov4Backbone"] = _ => RRTinyYolov4Backbone.Plan,
        ["RRYoloV5Backbone"] = RRYoloV5Backbone.FromConfig,
    });
}
