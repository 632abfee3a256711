# Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks, arXiv:1506.01497.
# ResNet-50 + FPN on COCO, 20 epochs.
# Expected box AP on COCO val2017: 37.4 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/faster_rcnn/faster_rcnn_r50_fpn_1x_coco.py
_base_ = [
    '../_base_/models/faster_rcnn_r50_fpn.py',
    '../_base_/datasets/coco_detection.py',
    '../_base_/schedules/schedule.py',
    '../_base_/default_runtime.py',
]
