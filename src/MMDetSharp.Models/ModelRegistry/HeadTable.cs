using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads.Atss;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Models.DenseHeads.Gfl;
using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Models.DenseHeads.Paa;
using MMDetSharp.Models.DenseHeads.Pisa;
using MMDetSharp.Models.DenseHeads.RetinaNet;
using MMDetSharp.Models.DenseHeads.Sabl;
using MMDetSharp.Models.DenseHeads.Ssd;
using MMDetSharp.Models.DenseHeads.Vfnet;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.DenseHeads;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The dense heads by their names in configs.</summary>
internal static class HeadTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static ContextRegistry<HeadPlan, HeadContext> Heads { get; } = new("head", new()
    {
        ["ATSSHead"] = AtssHead.FromConfig,
        ["FCOSHead"] = FcosHead.FromConfig,
        ["GARetinaHead"] = GARetinaHead.FromConfig,
        ["GFLHead"] = GflHead.FromConfig,
        ["PAAHead"] = PaaHead.FromConfig,
        ["PISARetinaHead"] = PisaRetinaHead.FromConfig,
        ["RetinaHead"] = RetinaHead.FromConfig,
        ["SABLRetinaHead"] = SablRetinaHead.FromConfig,
        ["SSDHead"] = SsdHead.FromConfig,
        ["VFNetHead"] = VfnetHead.FromConfig,
        ["YOLOV3Head"] = YoloHead.FromConfig,
        ["RRYolov3Head"] = RRYoloV3Head.FromConfig,
        ["RRTinyYolov3Head"] = RRTinyYoloV3Head.FromConfig,
        ["RRTinyYolov4Head"] = RRTinyYoloV4Head.FromConfig,
        ["RRYolov5Head"] = RRYoloV5Head.FromConfig,
    });

    /// <summary>What heads are composed of.</summary>
    internal static PartTables Parts { get; } = new()
    {
        Losses = LossTable.Losses,
        Anchors = AnchorGeneratorTable.Generators,
        Assigners = AssignerTable.Assigners,
        Samplers = SamplerTable.Samplers,
        Coders = BBoxCoderTable.Coders,
        BucketCoders = BBoxCoderTable.Buckets,
        CellAnchors = AnchorGeneratorTable.Cells,
        CellAssigners = AssignerTable.Cells,
        CellCoders = BBoxCoderTable.Cells,
        YoloCriteria = YoloCriterionTable.Criteria,
    };
}
