# RepPoints V2: Verification Meets Regression for Object Detection, arXiv:2007.08508.
# As reppoints_v2_r50_fpn_1x_coco.py, with GIoU loss.
# Expected box AP on COCO val2017: 41.1 (authors, 1x schedule).
# ./mmdet train configs/reppointv2/reppoints_v2_r50_fpn_giou_1x_coco.py
_base_ = './reppoints_v2_r50_fpn_1x_coco.py'
model = dict(
    bbox_head=dict(
        loss_bbox_init=dict(_delete_=True, type='GIoULoss', loss_weight=1.0),
        loss_bbox_refine=dict(_delete_=True, type='GIoULoss', loss_weight=2.0),
    ),
)
