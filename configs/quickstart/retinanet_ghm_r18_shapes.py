# GHM (Li et al., arXiv:1811.05181): RetinaNet with a thin ResNet-18, for the drawn shapes of ./mmdet quickstart.
# Not measured yet.
# ./mmdet train configs/quickstart/retinanet_ghm_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    bbox_head=dict(
        loss_cls=dict(_delete_=True, type='GHMC', bins=30, momentum=0.75, use_sigmoid=True, loss_weight=1.0),
        loss_bbox=dict(_delete_=True, type='GHMR', mu=0.02, bins=10, momentum=0.7, loss_weight=10.0)))
