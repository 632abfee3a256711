# Side-aware boundary localization (Wang et al., arXiv:1912.04260) on RetinaNet with a thin ResNet-18, for the drawn shapes
# of ./mmdet quickstart.
# AP50 0.975, AP 0.799 on the validation images after 1 min 26 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/sabl_retinanet_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    bbox_head=dict(
        _delete_=True,
        type='SABLRetinaHead',
        num_classes=3,
        in_channels=64,
        stacked_convs=2,
        feat_channels=64,
        approx_anchor_generator=dict(
            type='AnchorGenerator',
            octave_base_scale=2,
            scales_per_octave=3,
            ratios=[0.5, 1.0, 2.0],
            strides=[8, 16, 32, 64]),
        square_anchor_generator=dict(
            type='AnchorGenerator',
            ratios=[1.0],
            scales=[2],
            strides=[8, 16, 32, 64]),
        bbox_coder=dict(type='BucketingBBoxCoder', num_buckets=14, scale_factor=3.0),
        loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_bbox_cls=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.5),
        loss_bbox_reg=dict(type='SmoothL1Loss', beta=1.0 / 9.0, loss_weight=1.5)))
train_cfg = dict(assigner=dict(type='ApproxMaxIoUAssigner'))
