# RetinaNet with guided anchors (Wang et al., arXiv:1901.03278) and a thin ResNet-18, for the drawn shapes of
# ./mmdet quickstart. Anchors' locations are learned as in the paper (loc_labels; see docs/models/guided_anchoring.md).
# AP50 0.939, AP 0.686 on the validation images after 2 min 45 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/ga_retinanet_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    bbox_head=dict(
        _delete_=True,
        type='GARetinaHead',
        num_classes=3,
        in_channels=64,
        stacked_convs=2,
        feat_channels=64,
        norm_cfg=dict(type='GN', num_groups=8, requires_grad=True),
        approx_anchor_generator=dict(
            type='AnchorGenerator',
            octave_base_scale=2,
            scales_per_octave=3,
            ratios=[0.5, 1.0, 2.0],
            strides=[8, 16, 32, 64]),
        square_anchor_generator=dict(type='AnchorGenerator', ratios=[1.0], scales=[2], strides=[8, 16, 32, 64]),
        anchor_coder=dict(
            type='DeltaXYWHBBoxCoder',
            target_means=[.0, .0, .0, .0],
            target_stds=[1.0, 1.0, 1.0, 1.0]),
        bbox_coder=dict(
            type='DeltaXYWHBBoxCoder',
            target_means=[.0, .0, .0, .0],
            target_stds=[1.0, 1.0, 1.0, 1.0]),
        loc_filter_thr=0.01,
        loc_labels='paper',
        loss_loc=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_shape=dict(type='BoundedIoULoss', beta=0.2, loss_weight=1.0),
        loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_bbox=dict(type='SmoothL1Loss', beta=0.04, loss_weight=1.0)))
train_cfg = dict(
    ga_assigner=dict(
        type='ApproxMaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.4, min_pos_iou=0.4, ignore_iof_thr=-1),
    ga_sampler=dict(
        type='RandomSampler', num=256, pos_fraction=0.5, neg_pos_ub=-1, add_gt_as_proposals=False),
    assigner=dict(neg_iou_thr=0.5, min_pos_iou=0.0),
    center_ratio=0.2,
    ignore_ratio=0.5)
