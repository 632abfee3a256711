# YOLOv5l (v6.0 and later) on COCO, 300 epochs: github.com/ultralytics/yolov5 (no paper), 46.5 million parameters.
# Published box AP on COCO val2017 at 640 pixels: 49.0.
# ./mmdet train configs/yolov5/yolov5l_coco.py
_base_ = './yolov5m_coco.py'
model = dict(depth_multiple=1.0, width_multiple=1.0)
