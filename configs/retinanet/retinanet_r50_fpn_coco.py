# RetinaNet: Focal Loss for Dense Object Detection, arXiv:1708.02002.
# ResNet-50 + FPN on COCO, 20 epochs.
# Expected box AP on COCO val2017: 36.5 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/retinanet/retinanet_r50_fpn_coco.py
_base_ = [
    '../_base_/models/retinanet_r50_fpn.py',
    '../_base_/datasets/coco_detection.py',
    '../_base_/schedules/schedule.py',
    '../_base_/default_runtime.py',
]
optimizer = dict(lr=0.01)
