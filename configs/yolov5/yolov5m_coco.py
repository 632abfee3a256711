# YOLOv5m (v6.0 and later) on COCO, 300 epochs: github.com/ultralytics/yolov5 (no paper), 21.2 million parameters.
# Published box AP on COCO val2017 at 640 pixels: 45.4.
# ./mmdet train configs/yolov5/yolov5m_coco.py
_base_ = [
    '../_base_/models/yolov5_v6.py',
    '../_base_/datasets/coco_yolov5.py',
    '../_base_/schedules/yolov5_300e.py',
    '../_base_/default_runtime.py',
]
model = dict(depth_multiple=0.67, width_multiple=0.75, loss=dict(cls=0.3, obj=0.7))
# Larger models overfit sooner: objects from a tenth to nearly twice the size, and one image in ten mixed with another.
mosaic = [
    dict(type='Mosaic', img_scale=(640, 640), pad_val=114.0),
    dict(type='YOLOv5RandomAffine', border=(-320, -320), scaling_ratio_range=(0.1, 1.9)),
]
data = dict(train=dict(pipeline=[
    *mosaic,
    dict(type='YOLOv5MixUp', prob=0.1, pre_transform=mosaic),
    dict(type='YOLOv5HSVRandomAug'),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]))
