# YOLOv4: Optimal Speed and Accuracy of Object Detection, arXiv:2004.10934.
# CSPDarknet-53 at 416, for weights converted from Darknet.
# The paper reports AP 41.2 on COCO test-dev at 416.
# ./mmdet train configs/yolo/rr_yolov4_cspd53_416_coco.py
_base_ = './rr_yolov3_d53_416_coco.py'
model = dict(
    backbone=dict(type='RRCSPDarknet53'),
    neck=dict(type='RRYoloV4DarkNeck'),
    bbox_head=dict(
        anchor_generator=dict(
            base_sizes=[
                [(142, 110), (192, 243), (459, 401)],
                [(36, 75), (76, 55), (72, 146)],
                [(12, 16), (19, 36), (40, 28)],
            ],
        ),
        bbox_coder=dict(scale_x_y=1.05),
    ),
)
