# RepPoints V2: Verification Meets Regression for Object Detection, arXiv:2007.08508.
# GIoU loss, short sides from 480 to 960, 24 epochs.
# Expected box AP on COCO val2017: 43.9 (authors, 2x schedule).
# ./mmdet train configs/reppointv2/reppoints_v2_r50_fpn_giou_mstrain_2x_coco.py
_base_ = './reppoints_v2_r50_fpn_giou_1x_coco.py'
lr_config = dict(step=[16, 22])
total_epochs = 24
img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='Resize',
        img_scale=[(1333, 480), (1333, 960)],
        multiscale_mode='range',
        keep_ratio=True,
    ),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='LoadRPDV2Annotations'),
    dict(type='RPDV2FormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels', 'gt_sem_map', 'gt_sem_weights']),
]
data = dict(train=dict(pipeline=train_pipeline))
