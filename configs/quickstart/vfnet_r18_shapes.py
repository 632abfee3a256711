# VFNet (Zhang et al., arXiv:2008.13367) with a thin ResNet-18, for the drawn shapes of ./mmdet quickstart.
# AP50 0.984, AP 0.819 on the validation images after 2 min 24 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/vfnet_r18_shapes.py
_base_ = 'atss_r18_shapes.py'
model = dict(
    type='VFNet',
    bbox_head=dict(
        _delete_=True,
        type='VFNetHead',
        num_classes=3,
        in_channels=64,
        stacked_convs=2,
        feat_channels=64,
        norm_cfg=dict(type='GN', num_groups=8, requires_grad=True),
        strides=[8, 16, 32, 64],
        regress_ranges=((-1, 32), (32, 64), (64, 128), (128, 1e8)),
        anchor_generator=dict(
            type='AnchorGenerator',
            ratios=[1.0],
            octave_base_scale=4,
            scales_per_octave=1,
            center_offset=0.0,
            strides=[8, 16, 32, 64]),
        loss_cls=dict(
            type='VarifocalLoss', use_sigmoid=True, alpha=0.75, gamma=2.0, iou_weighted=True, loss_weight=1.0),
        loss_bbox=dict(type='GIoULoss', loss_weight=1.5),
        loss_bbox_refine=dict(type='GIoULoss', loss_weight=2.0)))
