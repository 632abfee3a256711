# Generalized focal loss (Li et al., arXiv:2006.04388) with a thin ResNet-18, from scratch on the BCCD blood cells.
# Not measured yet.
# scripts/prepare_bccd.sh BCCD_FOLDER prepares the data.
# ./mmdet train configs/bccd/gfl_r18_bccd.py
_base_ = 'atss_r18_bccd.py'
model = dict(
    type='GFL',
    bbox_head=dict(
        _delete_=True,
        type='GFLHead',
        num_classes=3,
        in_channels=64,
        stacked_convs=2,
        feat_channels=64,
        norm_cfg=dict(type='GN', num_groups=8, requires_grad=True),
        anchor_generator=dict(
            type='AnchorGenerator',
            ratios=[1.0],
            octave_base_scale=6,
            scales_per_octave=1,
            strides=[8, 16, 32, 64]),
        loss_cls=dict(type='QualityFocalLoss', use_sigmoid=True, beta=2.0, loss_weight=1.0),
        loss_dfl=dict(type='DistributionFocalLoss', loss_weight=0.25),
        reg_max=12,
        loss_bbox=dict(type='GIoULoss', loss_weight=2.0)))
