# YOLOv5 (no paper: github.com/ultralytics/yolov5), for weights converted from its .pt files.
# _yolo_type picks the size: 0 = s, 1 = m, 2 = l, 3 = x.
# ./mmdet train configs/yolo/rr_yolov5_416_coco.py
_base_ = './rr_yolov3_d53_416_coco.py'
_yolo_type = 0
_depth_multiple = [0.33, 0.67, 1.0, 1.33][_yolo_type]
_width_multiple = [0.5, 0.75, 1.0, 1.25][_yolo_type]
model = dict(
    backbone=dict(
        type='RRYoloV5Backbone',
        depth_multiple=_depth_multiple,
        width_multiple=_width_multiple,
    ),
    neck=None,
    bbox_head=dict(
        type='RRYolov5Head',
        out_channels=[_depth_multiple, _width_multiple],
        bbox_coder=dict(type='YOLOV5BBoxCoder'),
    ),
)
img_norm_cfg = dict(mean=[0, 0, 0], std=[255.0, 255.0, 255.0], to_rgb=True)
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(
        type='MultiScaleFlipAug',
        img_scale=(640, 640),
        flip=False,
        transforms=[
            dict(type='LetterResize', img_scale=(640, 640)),
            dict(type='RandomFlip'),
            dict(type='Normalize', **img_norm_cfg),
            dict(type='Pad', size_divisor=32),
            dict(type='ImageToTensor', keys=['img']),
            dict(
                type='Collect',
                keys=['img'],
                meta_keys=(
                    'filename', 'ori_filename', 'ori_shape', 'img_shape', 'pad_shape',
                    'scale_factor', 'flip', 'flip_direction', 'img_norm_cfg', 'pad_param',
                ),
            ),
        ],
    ),
]
data = dict(test=dict(pipeline=test_pipeline))
test_cfg = dict(
    score_thr=1e-07,
    conf_thr=0.001,
    nms=dict(iou_threshold=0.6),
    max_per_img=300,
)
