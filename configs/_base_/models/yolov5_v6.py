# YOLOv5 v6.0 to v7.0 (no paper; github.com/ultralytics/yolov5), size s; the rows are those of its yaml files.
# depth_multiple and width_multiple: n 0.33, 0.25; s 0.33, 0.5; m 0.67, 0.75; l 1, 1; x 1.33, 1.25.
model = dict(
    type='YOLOv5',
    nc=80,
    depth_multiple=0.33,
    width_multiple=0.5,
    anchors=[
        [10, 13, 16, 30, 33, 23],
        [30, 61, 62, 45, 59, 119],
        [116, 90, 156, 198, 373, 326]],
    act_cfg=dict(type='SiLU'),
    backbone=[
        [-1, 1, 'Conv', [64, 6, 2, 2]],
        [-1, 1, 'Conv', [128, 3, 2]],
        [-1, 3, 'C3', [128]],
        [-1, 1, 'Conv', [256, 3, 2]],
        [-1, 6, 'C3', [256]],
        [-1, 1, 'Conv', [512, 3, 2]],
        [-1, 9, 'C3', [512]],
        [-1, 1, 'Conv', [1024, 3, 2]],
        [-1, 3, 'C3', [1024]],
        [-1, 1, 'SPPF', [1024, 5]]],
    head=[
        [-1, 1, 'Conv', [512, 1, 1]],
        [-1, 1, 'nn.Upsample', ['None', 2, 'nearest']],
        [[-1, 6], 1, 'Concat', [1]],
        [-1, 3, 'C3', [512, False]],
        [-1, 1, 'Conv', [256, 1, 1]],
        [-1, 1, 'nn.Upsample', ['None', 2, 'nearest']],
        [[-1, 4], 1, 'Concat', [1]],
        [-1, 3, 'C3', [256, False]],
        [-1, 1, 'Conv', [256, 3, 2]],
        [[-1, 14], 1, 'Concat', [1]],
        [-1, 3, 'C3', [512, False]],
        [-1, 1, 'Conv', [512, 3, 2]],
        [[-1, 10], 1, 'Concat', [1]],
        [-1, 3, 'C3', [1024, False]],
        [[17, 20, 23], 1, 'Detect', ['nc', 'anchors']]],
    # hyp.scratch-low.yaml
    loss=dict(
        type='YOLOv5Loss', img_size=640, box=0.05, obj=1.0, cls=0.5, anchor_t=4.0, label_smoothing=0.0, fl_gamma=0.0))
# As YOLOv5's val.py: every class of a place may be found.
test_cfg = dict(
    score_thr=0.001, nms=dict(type='nms', iou_threshold=0.6), multi_label=True, nms_pre=30000, max_per_img=300)
