# Prime sample attention (Cao et al., arXiv:1904.04821) on RetinaNet with a thin ResNet-18, for the drawn shapes of
# ./mmdet quickstart.
# AP50 0.980, AP 0.746 on the validation images after 1 min 36 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/pisa_retinanet_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    bbox_head=dict(
        type='PISARetinaHead',
        loss_bbox=dict(_delete_=True, type='SmoothL1Loss', beta=0.11, loss_weight=1.0)))
train_cfg = dict(isr=dict(k=2.0, bias=0.0), carl=dict(k=1.0, bias=0.2))
