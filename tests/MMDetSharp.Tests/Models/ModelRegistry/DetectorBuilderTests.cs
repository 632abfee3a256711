using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.ModelRegistry;

public sealed class DetectorBuilderTests
{
    private const string Recipe = "configs/retinanet/retinanet_r50_fpn_coco.py";

    // Small: what is built does not depend on the widths.
    private static readonly string[] Thin =
    [
        "model.backbone.depth=18", "model.backbone.base_channels=4", "model.neck.in_channels=[4,8,16,32]",
        "model.neck.out_channels=8", "model.bbox_head.in_channels=8", "model.bbox_head.feat_channels=8",
    ];

    [Fact]
    public void Build_TheRecipe_HasItsPartsClassesAndWeights()
    {
        using var detector = Build();

        Assert.Equal(80, detector.ClassCount);
        Assert.Equal("torchvision://resnet50", detector.Pretrained);
        Assert.IsType<MMDetSharp.Models.Backbones.ResNet>(detector.PretrainedPart);
    }

    [Fact]
    public void Build_RetinaNet_IsASingleStageDetector()
    {
        using var detector = Build("model.type=RetinaNet", "model.pretrained=None");

        Assert.IsType<SingleStageDetector>(detector);
        Assert.Null(detector.Pretrained);
    }

    [Fact]
    public void Build_InitConfigOfTheBackbone_NamesItsWeights()
    {
        using var detector = Build(
            "model.pretrained=None", "model.backbone.init_cfg.type=Pretrained",
            "model.backbone.init_cfg.checkpoint=torchvision://resnet18");

        Assert.Equal("torchvision://resnet18", detector.Pretrained);
    }

    [Fact]
    public void Build_TestConfigInTheModel_IsTheSame()
    {
        var recipe = RepositoryFolder.Under(Recipe);
        var config = Config.Parse(
            $"_base_ = '{recipe}'\nmodel = dict(test_cfg=dict(score_thr=0.05, nms=dict(type='nms', iou_threshold=0.5), "
            + "nms_pre=1000, min_bbox_size=0, max_per_img=100))\ntest_cfg = None", "inside.py", Thin);

        using var detector = DetectorBuilder.Build(config);

        Assert.Equal(80, detector.ClassCount);
    }

    [Theory]
    [InlineData("model.type=RetinaNt", "Did you mean RetinaNet?")]
    [InlineData("model.bbox_heads=None", "is not an option of SingleStageDetector. Did you mean bbox_head?")]
    [InlineData("model.neck.num_out=5", "Did you mean num_outs?")]
    [InlineData("test_cfg.score_threshold=0.1", "test_cfg.score_threshold is not an option")]
    [InlineData("train_cfg.asigner=None", "train_cfg.asigner is not an option")]
    [InlineData("model.train_cfg.debug=False", "train_cfg must stand beside model or in it, got both")]
    public void Build_AConfigWithASlip_NamesItAndTheWayOut(string slip, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(slip));

        Assert.Contains(expected, error.Message);
    }

    private static Detector Build(params string[] overrides) =>
        DetectorBuilder.Build(Config.Load(RepositoryFolder.Under(Recipe), [.. Thin, .. overrides]));
}
