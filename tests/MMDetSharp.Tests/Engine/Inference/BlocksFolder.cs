using System.Text.Json;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Engine.Inference;

/// <summary>A small data set in COCO's format, and a config of a thin RetinaNet for it: bright and red blocks on noise.</summary>
internal sealed class BlocksFolder : IDisposable
{
    private const int Width = 96;
    private const int Height = 64;

    internal BlocksFolder(int images = 8)
    {
        var random = new CounterRandom(11);
        var annotations = new List<object>();
        for (var image = 0; image < images; image++)
        {
            Paint(image, random, annotations);
        }

        File.WriteAllText(Under("blocks.json"), JsonSerializer.Serialize(new
        {
            images = Enumerable.Range(0, images).Select(i => new { id = i + 1, file_name = Name(i), width = Width, height = Height }),
            annotations,
            categories = new[] { new { id = 3, name = "bright" }, new { id = 5, name = "red" } },
        }));
        File.WriteAllText(Config, ConfigText());
    }

    /// <summary>The folder of images, annotations and config.</summary>
    internal string Root { get; } = Directory.CreateTempSubdirectory("mmdetsharp-blocks-").FullName;

    /// <summary>The config file.</summary>
    internal string Config => Under("thin_retinanet.py");

    /// <summary>A path in the folder.</summary>
    internal string Under(string name) => Path.Combine(Root, name);

    /// <summary>The file of an image.</summary>
    internal string ImagePath(int image) => Under(Name(image));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Name(int image) => $"{image}.png";

    private void Paint(int index, CounterRandom random, List<object> annotations)
    {
        using var image = Image.Create(new ImageShape(Height, Width));
        foreach (ref var value in image.Bytes)
        {
            value = (byte)random.NextInt(0, 60);
        }

        for (var i = 0; i < 2; i++)
        {
            var (w, h) = (random.NextInt(20, 40), random.NextInt(20, 40));
            var (x, y) = (random.NextInt(0, Width - w), random.NextInt(0, Height - h));
            Fill(image.Bytes, (x, y, w, h), isRed: i == 1);
            annotations.Add(new
            {
                id = annotations.Count + 1,
                image_id = index + 1,
                category_id = i == 1 ? 5 : 3,
                bbox = new[] { x, y, w, h },
                area = w * h,
                iscrowd = 0,
            });
        }

        ImageFile.Write(image, ImagePath(index));
    }

    private static void Fill(Span<byte> pixels, (int X, int Y, int W, int H) box, bool isRed)
    {
        for (var row = box.Y; row < box.Y + box.H; row++)
        {
            for (var column = box.X; column < box.X + box.W; column++)
            {
                var place = ((row * Width) + column) * 3;
                pixels[place] = pixels[place + 1] = isRed ? (byte)10 : (byte)230;
                pixels[place + 2] = 230;
            }
        }
    }

    private string ConfigText() => $$"""
        model = dict(
            type='SingleStageDetector',
            pretrained=None,
            backbone=dict(
                type='ResNet', depth=18, base_channels=8, num_stages=4, out_indices=(0, 1, 2, 3), frozen_stages=-1,
                norm_cfg=dict(type='BN', requires_grad=True), norm_eval=False, style='pytorch'),
            neck=dict(
                type='FPN', in_channels=[8, 16, 32, 64], out_channels=16, start_level=1, add_extra_convs='on_input',
                num_outs=5),
            bbox_head=dict(
                type='RetinaHead', num_classes=2, in_channels=16, stacked_convs=1, feat_channels=16,
                anchor_generator=dict(
                    type='AnchorGenerator', octave_base_scale=4, scales_per_octave=3, ratios=[0.5, 1.0, 2.0],
                    strides=[8, 16, 32, 64, 128]),
                bbox_coder=dict(
                    type='DeltaXYWHBBoxCoder', target_means=[.0, .0, .0, .0], target_stds=[1.0, 1.0, 1.0, 1.0]),
                loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
                loss_bbox=dict(type='L1Loss', loss_weight=1.0)))
        train_cfg = dict(
            assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.4, min_pos_iou=0, ignore_iof_thr=-1),
            allowed_border=-1, pos_weight=-1, debug=False)
        test_cfg = dict(
            nms_pre=1000, min_bbox_size=0, score_thr=0.05, nms=dict(type='nms', iou_threshold=0.5), max_per_img=100)
        norm = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
        train_pipeline = [
            dict(type='LoadImageFromFile'),
            dict(type='LoadAnnotations', with_bbox=True),
            dict(type='Resize', img_scale=(96, 64), keep_ratio=True),
            dict(type='RandomFlip', flip_ratio=0.5),
            dict(type='Normalize', **norm),
            dict(type='Pad', size_divisor=32),
            dict(type='DefaultFormatBundle'),
            dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
        ]
        test_pipeline = [
            dict(type='LoadImageFromFile'),
            dict(
                type='MultiScaleFlipAug', img_scale=(96, 64), flip=False,
                transforms=[
                    dict(type='Resize', keep_ratio=True),
                    dict(type='RandomFlip'),
                    dict(type='Normalize', **norm),
                    dict(type='Pad', size_divisor=32),
                    dict(type='ImageToTensor', keys=['img']),
                    dict(type='Collect', keys=['img']),
                ]),
        ]
        files = dict(
            type='CocoDataset', ann_file='{{Under("blocks.json")}}', img_prefix='{{Root}}', classes=('bright', 'red'))
        data = dict(
            samples_per_gpu=4, workers_per_gpu=2,
            train=dict(pipeline=train_pipeline, **files),
            val=dict(pipeline=test_pipeline, **files),
            test=dict(pipeline=test_pipeline, **files))
        evaluation = dict(interval=1, metric='bbox', save_best='bbox_mAP')
        optimizer = dict(type='Adam', lr=0.004)
        optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))
        lr_config = dict(policy='step', step=[50], warmup='linear', warmup_iters=3, warmup_ratio=0.1)
        total_epochs = 2
        checkpoint_config = dict(interval=1)
        log_config = dict(interval=1, hooks=[dict(type='TextLoggerHook')])
        workflow = [('train', 1)]
        load_from = None
        resume_from = None
        """;
}
