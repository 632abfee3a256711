# FCOS (Tian et al., arXiv:1904.01355) with a thin ResNet-18, for the drawn shapes of ./mmdet quickstart: center
# sampling, distances in strides, centerness beside the box, GIoU.
# Expected: AP50 above 0.8 on the validation images after at most three minutes on two processor cores.
# ./mmdet train configs/quickstart/fcos_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    type='FCOS',
    bbox_head=dict(
        _delete_=True,
        type='FCOSHead',
        num_classes=3,
        in_channels=64,
        stacked_convs=2,
        feat_channels=64,
        strides=[8, 16, 32, 64],
        regress_ranges=((-1, 32), (32, 64), (64, 128), (128, 1e8)),
        norm_on_bbox=True,
        centerness_on_reg=True,
        center_sampling=True,
        conv_bias=True,
        norm_cfg=dict(type='GN', num_groups=8, requires_grad=True),
        loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_bbox=dict(type='GIoULoss', loss_weight=1.0),
        loss_centerness=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0)))
