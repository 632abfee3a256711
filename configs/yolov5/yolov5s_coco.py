# YOLOv5s (v6.0 and later) on COCO, 300 epochs: github.com/ultralytics/yolov5 (no paper), 7.2 million parameters.
# Published box AP on COCO val2017 at 640 pixels: 37.4.
# ./mmdet train configs/yolov5/yolov5s_coco.py
_base_ = [
    '../_base_/models/yolov5_v6.py',
    '../_base_/datasets/coco_yolov5.py',
    '../_base_/schedules/yolov5_300e.py',
    '../_base_/default_runtime.py',
]
model = dict(depth_multiple=0.33, width_multiple=0.50)
