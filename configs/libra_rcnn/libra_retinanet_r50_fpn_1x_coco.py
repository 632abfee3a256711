# Libra R-CNN: Towards Balanced Learning for Object Detection, arXiv:1904.02701.
# RetinaNet with the balanced pyramid and L1 loss.
# Expected box AP on COCO val2017: 37.6 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/libra_rcnn/libra_retinanet_r50_fpn_1x_coco.py
_base_ = '../retinanet/retinanet_r50_fpn_coco.py'
model = dict(
    neck=[
        dict(
            type='FPN',
            in_channels=[256, 512, 1024, 2048],
            out_channels=256,
            start_level=1,
            add_extra_convs='on_input',
            num_outs=5,
        ),
        dict(type='BFP', in_channels=256, num_levels=5, refine_level=1, refine_type='non_local'),
    ],
    bbox_head=dict(
        loss_bbox=dict(
            _delete_=True,
            type='BalancedL1Loss',
            alpha=0.5,
            gamma=1.5,
            beta=0.11,
            loss_weight=1.0,
        ),
    ),
)
