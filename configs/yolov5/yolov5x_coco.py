# YOLOv5x (v6.0 and later) on COCO, 300 epochs: github.com/ultralytics/yolov5 (no paper), 86.7 million parameters.
# Published box AP on COCO val2017 at 640 pixels: 50.7.
# ./mmdet train configs/yolov5/yolov5x_coco.py
_base_ = './yolov5m_coco.py'
model = dict(depth_multiple=1.33, width_multiple=1.25)
