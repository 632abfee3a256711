using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class PipelineBuilderTests
{
    [Fact]
    public void Build_RetinaNetsTrainPipeline_HasItsSteps()
    {
        var pipeline = Build("""
            pipeline = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='Resize', img_scale=[(1333, 640), (1333, 800)], multiscale_mode='value', keep_ratio=True),
                dict(type='RandomFlip', flip_ratio=0.5),
                dict(type='Normalize', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True),
                dict(type='Pad', size_divisor=32),
                dict(type='DefaultFormatBundle'),
                dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
            ]
            """);

        Assert.Equal(
            [
                typeof(LoadImageFromFile), typeof(LoadAnnotations), typeof(Resize), typeof(RandomFlip), typeof(Normalize),
                typeof(Pad), typeof(DefaultFormatBundle), typeof(Collect),
            ],
            pipeline.Transforms.Select(step => step.GetType()));
    }

    [Theory]
    [InlineData("dict(type='Resise', img_scale=(8, 8))", "line 1", "Resize")]
    [InlineData("dict(type='Resize', img_scal=(8, 8))", "img_scal is not an option of Resize", "img_scale")]
    [InlineData("dict(type='Resize', img_scale=(8, 8), backend='pillow')", "backend must be one of cv2", "pillow")]
    [InlineData("dict(type='Resize', img_scale=[(8, 8), (9, 9), (7, 7)])", "must have two scales", "'value'")]
    [InlineData("dict(type='LoadAnnotations', with_mask=True)", "with_mask must be False", "reads no masks")]
    [InlineData("dict(type='RandomFlip', flip_ratio=1.5)", "flip_ratio must be within [0, 1]", "1.5")]
    [InlineData("dict(type='RandomFlip', flip_ratio=[0.1], direction=['up'])", "direction must be of", "'up'")]
    [InlineData("dict(type='RandomFlip', flip_ratio=[0.1, 0.2])", "must have the same length, got 2 and 1", "")]
    [InlineData("dict(type='Pad')", "one of size and size_divisor must be set", "")]
    [InlineData("dict(type='Pad', size_divisor=0)", "size_divisor must be positive", "")]
    [InlineData("dict(type='Normalize', mean=[0], std=[1, 1])", "same length", "")]
    [InlineData("dict(type='Collect', keys=['img', 'gt_masks'])", "gt_masks", "Remove it")]
    [InlineData("dict(type='Collect', keys=['gt_bboxes'])", "must contain 'img'", "")]
    [InlineData("dict(type='ImageToTensor', keys=['gt_bboxes'])", "['img']", "")]
    [InlineData("dict(type='MultiScaleFlipAug', transforms=[])", "one of img_scale and scale_factor", "")]
    [InlineData("dict(type='LoadImageFromFile', file_client_args=dict(backend='ceph'))", "one of disk", "ceph")]
    public void Build_WrongOption_SaysWhereAndWhat(string step, string expected, string alsoExpected)
    {
        var error = Assert.Throws<ConfigException>(() => Build($"pipeline = [{step}]"));

        var message = error.Message.Replace("pipe.py:1", "line 1", StringComparison.Ordinal);
        Assert.Contains("line 1", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(alsoExpected, message, StringComparison.Ordinal);
    }

    private static Pipeline Build(string text) =>
        PipelineBuilder.Build(new ConfigReader(Config.Parse(text, "pipe.py").Root).Nodes("pipeline"));
}
