# Dynamic R-CNN: Towards High Quality Object Detection via Dynamic Training, arXiv:2004.06002.
# ResNet-50 + FPN; IoU threshold and SmoothL1 beta follow the training.
# Expected box AP on COCO val2017: 38.9 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/dynamic_rcnn/dynamic_rcnn_r50_fpn_1x.py
_base_ = '../faster_rcnn/faster_rcnn_r50_fpn_1x_coco.py'
model = dict(
    roi_head=dict(
        type='DynamicRoIHead',
        bbox_head=dict(loss_bbox=dict(type='SmoothL1Loss', beta=1.0)),
    ),
)
train_cfg = dict(
    rpn_proposal=dict(nms_thr=0.85),
    rcnn=dict(
        dynamic_rcnn=dict(
            iou_topk=75,
            beta_topk=10,
            update_iter_interval=100,
            initial_iou=0.4,
            initial_beta=1.0,
        ),
    ),
)
test_cfg = dict(rpn=dict(nms_thr=0.85))
