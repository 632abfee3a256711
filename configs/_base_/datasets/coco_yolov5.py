# COCO 2017 as YOLOv5 trains and tests on it: mosaics of four images, 640 pixels, rectangular batches for testing.
# The paths are placeholders: point data.train.dataset, data.val and data.test to your copy with
# --cfg-options data.train.dataset.ann_file=... data.train.dataset.img_prefix=... (val and test alike).
dataset_type = 'CocoDataset'
data_root = '/home/pi/dataset/coco/'
img_norm_cfg = dict(mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True)
train_pipeline = [
    dict(type='Mosaic', img_scale=(640, 640), pad_val=114.0),
    dict(type='YOLOv5RandomAffine', border=(-320, -320)),
    dict(type='YOLOv5HSVRandomAug'),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='YOLOv5KeepRatioResize', img_scale=640),
    dict(type='LetterResize', img_scale=640, stride=32, scaleup=False),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img']),
]
batch_shapes_cfg = dict(type='BatchShapePolicy', batch_size=32, img_size=640, size_divisor=32, extra_pad_ratio=0.5)
data = dict(
    samples_per_gpu=16,
    workers_per_gpu=8,
    train=dict(
        type='MultiImageMixDataset',
        dataset=dict(
            type=dataset_type,
            ann_file=data_root + 'annotations/instances_train2017.json',
            img_prefix=data_root + 'images/train2017/',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
            ],
        ),
        pipeline=train_pipeline,
    ),
    val=dict(
        type=dataset_type,
        ann_file=data_root + 'annotations/instances_val2017.json',
        img_prefix=data_root + 'images/val2017/',
        batch_shapes_cfg=batch_shapes_cfg,
        pipeline=test_pipeline,
    ),
    test=dict(
        type=dataset_type,
        ann_file=data_root + 'annotations/instances_val2017.json',
        img_prefix=data_root + 'images/val2017/',
        samples_per_gpu=8,
        batch_shapes_cfg=batch_shapes_cfg,
        pipeline=test_pipeline,
    ),
)
evaluation = dict(interval=1, metric='bbox', save_best='bbox_mAP')
