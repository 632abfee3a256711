# Cascade R-CNN: Delving into High Quality Object Detection, arXiv:1712.00726.
# ResNet-50 + FPN on COCO, 20 epochs.
# Expected box AP on COCO val2017: 40.3 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/cascade_rcnn/cascade_rcnn_r50_fpn_1x_coco.py
_base_ = [
    '../_base_/models/cascade_rcnn_r50_fpn.py',
    '../_base_/datasets/coco_detection.py',
    '../_base_/schedules/schedule.py',
    '../_base_/default_runtime.py',
]
