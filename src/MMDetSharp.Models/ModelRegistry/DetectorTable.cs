using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Detectors.Darknet;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The detectors by their names in configs.</summary>
internal static class DetectorTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static ContextRegistry<Detector, HeadContext> Detectors { get; } = new("detector", new()
    {
        ["SingleStageDetector"] = SingleStage,
        ["ATSS"] = SingleStage,
        ["FCOS"] = SingleStage,
        ["GFL"] = SingleStage,
        ["PAA"] = SingleStage,
        ["RetinaNet"] = SingleStage,
        ["VFNet"] = SingleStage,
        ["YOLOV3"] = SingleStage,
        ["DarknetDetector"] = DarknetDetector.FromConfig,
        ["YOLOv5"] = YoloV5Detector.FromConfig,
    });

    private static SingleStageDetector SingleStage(ConfigReader reader, HeadContext context)
    {
        var backbone = reader.Node("backbone");
        var pretrained = reader.StringOrNull("pretrained") ?? PretrainedOf(backbone);
        reader.Ignore("init_cfg");
        var maps = BackboneTable.Backbones.Build(backbone);
        var neck = NeckTable.Build(reader, "neck");
        var head = HeadTable.Heads.Build(reader.Node("bbox_head"), context);
        head.Connect(neck is null ? maps.Outputs : neck.Connect(maps.Outputs));
        return new SingleStageDetector(maps.Create(), neck?.Create(), head.Create()) { Pretrained = pretrained };
    }

    // Since MMDetection 2.12: init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50').
    private static string? PretrainedOf(ConfigReader backbone) =>
        backbone.NodeOrNull("init_cfg") is { } init && init.StringOrNull("type") == "Pretrained"
            ? init.String("checkpoint")
            : null;
}
