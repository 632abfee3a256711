# PISA: Prime Sample Attention in Object Detection, arXiv:1904.04821.
# RetinaNet with ISR and CARL.
# Expected box AP on COCO val2017: 36.9 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/pisa/pisa_retinanet_r50_fpn_1x_coco.py
_base_ = '../retinanet/retinanet_r50_fpn_coco.py'
model = dict(
    bbox_head=dict(
        type='PISARetinaHead',
        loss_bbox=dict(type='SmoothL1Loss', beta=0.11),
    ),
)
train_cfg = dict(isr=dict(k=2.0, bias=0.0), carl=dict(k=1.0, bias=0.2))
