# YOLOv3: An Incremental Improvement, arXiv:1804.02767.
# The tiny network at 416, for weights converted from Darknet.
# ./mmdet train configs/yolo/rr_tiny_yolov3_416_coco.py
_base_ = './rr_yolov3_d53_416_coco.py'
model = dict(
    backbone=dict(type='RRTinyYolov3Backbone'),
    neck=None,
    bbox_head=dict(
        type='RRTinyYolov3Head',
        in_channels=[256, 256],
        out_channels=[512, 128],
        anchor_generator=dict(
            base_sizes=[[(81, 82), (135, 169), (344, 319)], [(23, 27), (37, 58), (81, 82)]],
            strides=[32, 16],
        ),
        featmap_strides=[32, 16],
    ),
)
