# RetinaNet: Focal Loss for Dense Object Detection, arXiv:1708.02002.
# ResNet-50 + FPN on Pascal VOC 2007 + 2012.
# Expected mAP on VOC 2007 test: 77.3 (MMDetection 2.x, 4 epochs).
# ./mmdet train configs/retinanet/retinanet_r50_fpn_voc.py
_base_ = [
    '../_base_/models/retinanet_r50_fpn.py',
    '../_base_/datasets/voc0712.py',
    '../_base_/schedules/schedule.py',
    '../_base_/default_runtime.py',
]
optimizer = dict(lr=0.01)
model = dict(bbox_head=dict(num_classes=20))
