# CentripetalNet: Pursuing High-quality Keypoint Pairs for Object Detection, arXiv:2003.09119.
# Hourglass-104, 16 GPUs with 6 images each, 210 epochs; tested with flipping.
# Expected box AP on COCO val2017: 44.8 (MMDetection 2.x, 210e schedule).
# ./mmdet train configs/centripetalnet/centripetalnet_hourglass104_mstest_16x6_210e_coco.py
_base_ = '../cornernet/cornernet_hourglass104_mstest_32x3_210e_coco.py'
model = dict(
    bbox_head=dict(
        _delete_=True,
        type='CentripetalHead',
        num_classes=80,
        in_channels=256,
        num_feat_levels=2,
        corner_emb_channels=0,
        loss_heatmap=dict(type='GaussianFocalLoss', alpha=2.0, gamma=4.0, loss_weight=1),
        loss_offset=dict(type='SmoothL1Loss', beta=1.0, loss_weight=1),
        loss_guiding_shift=dict(type='SmoothL1Loss', beta=1.0, loss_weight=0.05),
        loss_centripetal_shift=dict(type='SmoothL1Loss', beta=1.0, loss_weight=1),
    ),
)
data = dict(samples_per_gpu=6, workers_per_gpu=3)
lr_config = dict(step=[190])
