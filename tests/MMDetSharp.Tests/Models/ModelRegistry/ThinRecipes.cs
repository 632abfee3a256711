using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.ModelRegistry;

/// <summary>The recipes of the detectors that can be built, as thin as their parts allow.</summary>
internal static class ThinRecipes
{
    private const string ThinResNet =
        "model = dict(backbone=dict(depth=18, base_channels=4), neck=dict(in_channels=[4, 8, 16, 32], out_channels=8), ";

    private const string ThinStem = "model = dict(backbone=dict(stem_channels=8))";

    private const string Yolov5 = "model = dict(nc=3, width_multiple=0.125, depth_multiple=0.33)";

    private const string Cfg = "[net]\\nheight=64\\nwidth=64\\nchannels=3\\n[convolutional]\\nbatch_normalize=1\\n"
        + "filters=8\\nsize=3\\nstride=2\\npad=1\\nactivation=leaky\\n[maxpool]\\nsize=2\\nstride=2\\n[convolutional]\\n"
        + "filters=16\\nsize=1\\nstride=1\\npad=1\\nactivation=linear\\n[yolo]\\nmask=0,1\\nanchors=10,10,20,20\\nclasses=3\\n"
        + "num=2\\n";

    // By file: what makes it thin.
    private static readonly Dictionary<string, string> s_thin = new()
    {
        ["quickstart/retinanet_r18_shapes"] = ThinStem,
        ["quickstart/fcos_r18_shapes"] = ThinStem,
        ["quickstart/atss_r18_shapes"] = ThinStem,
        ["quickstart/gfl_r18_shapes"] = ThinStem,
        ["quickstart/paa_r18_shapes"] = ThinStem,
        ["quickstart/ga_retinanet_r18_shapes"] = ThinStem,
        ["quickstart/pisa_retinanet_r18_shapes"] = ThinStem,
        ["quickstart/sabl_retinanet_r18_shapes"] = ThinStem,
        ["quickstart/retinanet_ghm_r18_shapes"] = ThinStem,
        ["quickstart/libra_retinanet_r18_shapes"] = ThinStem,
        ["quickstart/vfnet_r18_shapes"] = ThinStem,
        ["quickstart/ssd_vgg_shapes"] =
            "model = dict(backbone=dict(base_channels=4), bbox_head=dict(in_channels=(32, 64, 32, 16)))",
        ["bccd/retinanet_r18_bccd"] = ThinStem,
        ["bccd/fcos_r18_bccd"] = ThinStem,
        ["bccd/atss_r18_bccd"] = ThinStem,
        ["bccd/gfl_r18_bccd"] = ThinStem,
        ["bccd/vfnet_r18_bccd"] = ThinStem,
        ["retinanet/retinanet_r50_fpn_coco"] =
            ThinResNet + "bbox_head=dict(in_channels=8, feat_channels=8, num_classes=3))",
        ["retinanet/retinanet_r50_caffe_fpn_mstrain_1x_coco"] =
            ThinResNet + "bbox_head=dict(in_channels=8, feat_channels=8, num_classes=3))",
        ["fcos/fcos_r50_caffe_fpn_gn-head_4x4_1x_coco"] =
            ThinResNet + "bbox_head=dict(in_channels=8, feat_channels=32, num_classes=3))",
        ["fcos/fcos_center-normbbox-centeronreg-giou_r50_caffe_fpn_gn-head_4x4_1x_coco"] =
            ThinResNet + "bbox_head=dict(in_channels=8, feat_channels=32, num_classes=3))",
        ["yolo/yolov3_d53_mstrain-608_273e_coco"] =
            "model = dict(neck=dict(out_channels=[16, 8, 8]), "
            + "bbox_head=dict(in_channels=[16, 8, 8], out_channels=[16, 8, 8], num_classes=3))",
        ["yolo/rr_yolov3_d53_416_coco"] =
            "model = dict(backbone=dict(input_channels=4), neck=dict(input_channels=4), "
            + "bbox_head=dict(in_channels=[64, 32, 16], num_classes=3))",
        ["yolo/rr_yolov4_cspd53_416_coco"] =
            "model = dict(backbone=dict(layers=[1, 1, 1, 1, 1]), bbox_head=dict(num_classes=3))",
        ["yolo/rr_tiny_yolov3_416_coco"] = "model = dict(bbox_head=dict(num_classes=3))",
        ["yolo/rr_tiny_yolov4_416_coco"] = "model = dict(bbox_head=dict(num_classes=3))",
        ["yolo/rr_yolov5_416_coco"] =
            "model = dict(backbone=dict(depth_multiple=0.33, width_multiple=0.125), "
            + "bbox_head=dict(out_channels=[0.33, 0.125], num_classes=3))",
        ["yolov5/yolov5n_coco"] = Yolov5,
        ["yolov5/yolov5x_coco"] = Yolov5,
        ["yolov5/yolov5n_bccd"] = Yolov5,
        ["darknet/yolo_fastest_bccd"] = $"model = dict(cfg='{Cfg}')",
    };

    /// <summary>Their names: files below configs.</summary>
    internal static IReadOnlyCollection<string> Names => s_thin.Keys;

    /// <summary>Those whose layers have fixed widths: seconds each.</summary>
    internal static IReadOnlyCollection<string> Wide { get; } =
    [
        "yolo/yolov3_d53_mstrain-608_273e_coco", "yolo/rr_yolov4_cspd53_416_coco", "yolo/rr_tiny_yolov3_416_coco",
        "yolo/rr_tiny_yolov4_416_coco",
    ];

    /// <summary>Reads one anew.</summary>
    internal static Config Load(string name) => Config.Parse(
        $"_base_ = '{RepositoryFolder.Under($"configs/{name}.py")}'\n{s_thin[name]}\n", "thin.py");
}
