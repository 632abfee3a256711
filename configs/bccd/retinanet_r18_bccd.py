# RetinaNet (Lin et al., arXiv:1708.02002) with a thin ResNet-18, from scratch on the BCCD blood cells.
# Expected: AP50 above 0.6 on the test split after at most 20 minutes on two processor cores (docs/bccd.md).
# scripts/prepare_bccd.sh BCCD_FOLDER prepares the data.
# ./mmdet train configs/bccd/retinanet_r18_bccd.py
_base_ = '../quickstart/retinanet_r18_shapes.py'
model = dict(
    backbone=dict(base_channels=32, stem_channels=32),
    neck=dict(in_channels=[32, 64, 128, 256]),
    bbox_head=dict(
        num_classes=3,
        anchor_generator=dict(octave_base_scale=3)))

data_root = 'data/bccd/'
classes = ('RBC', 'WBC', 'Platelets')
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', img_scale=(320, 240), ratio_range=(0.8, 1.2), keep_ratio=True),
    dict(type='RandomFlip', flip_ratio=[0.25, 0.25, 0.25], direction=['horizontal', 'vertical', 'diagonal']),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='Pad', size_divisor=64),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(
        type='MultiScaleFlipAug',
        img_scale=(320, 240),
        flip=False,
        transforms=[
            dict(type='Resize', keep_ratio=True),
            dict(type='RandomFlip'),
            dict(type='Normalize', **img_norm_cfg),
            dict(type='Pad', size_divisor=64),
            dict(type='ImageToTensor', keys=['img']),
            dict(type='Collect', keys=['img']),
        ])
]
data = dict(
    samples_per_gpu=8,
    train=dict(
        classes=classes,
        ann_file=data_root + 'annotations/trainval.json',
        img_prefix=data_root + 'images/',
        pipeline=train_pipeline),
    val=dict(
        classes=classes,
        ann_file=data_root + 'annotations/test.json',
        img_prefix=data_root + 'images/',
        pipeline=test_pipeline),
    test=dict(
        classes=classes,
        ann_file=data_root + 'annotations/test.json',
        img_prefix=data_root + 'images/',
        pipeline=test_pipeline))
evaluation = dict(interval=6, metric='bbox')
lr_config = dict(warmup_iters=100)
total_epochs = 24
checkpoint_config = dict(interval=6)
log_config = dict(interval=10)
