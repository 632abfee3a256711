# YOLOv4: Optimal Speed and Accuracy of Object Detection, arXiv:2004.10934.
# The tiny network at 416, for weights converted from Darknet.
# ./mmdet train configs/yolo/rr_tiny_yolov4_416_coco.py
_base_ = './rr_yolov3_d53_416_coco.py'
model = dict(
    backbone=dict(type='RRTinyYolov4Backbone'),
    neck=None,
    bbox_head=dict(
        type='RRTinyYolov4Head',
        in_channels=[512, 256],
        out_channels=[256, 128],
        anchor_generator=dict(
            base_sizes=[[(81, 82), (135, 169), (344, 319)], [(23, 27), (37, 58), (81, 82)]],
            strides=[32, 16],
        ),
        bbox_coder=dict(scale_x_y=1.05),
        featmap_strides=[32, 16],
    ),
)
