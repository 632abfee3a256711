# FCOS (Tian et al., arXiv:1904.01355) with a thin ResNet-18, from scratch on the BCCD blood cells.
# Expected: AP50 above 0.84 on the test split after at most 20 minutes on two processor cores (docs/models/fcos.md).
# scripts/prepare_bccd.sh BCCD_FOLDER prepares the data.
# ./mmdet train configs/bccd/fcos_r18_bccd.py
_base_ = 'retinanet_r18_bccd.py'
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
        regress_ranges=((-1, 48), (48, 96), (96, 192), (192, 1e8)),
        norm_on_bbox=True,
        centerness_on_reg=True,
        center_sampling=True,
        conv_bias=True,
        norm_cfg=dict(type='GN', num_groups=8, requires_grad=True),
        loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_bbox=dict(type='GIoULoss', loss_weight=1.0),
        loss_centerness=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0)))
