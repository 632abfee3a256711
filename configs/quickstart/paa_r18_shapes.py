# Probabilistic anchor assignment (Kim and Lee, arXiv:2007.08103) with a thin ResNet-18, for the drawn shapes of
# ./mmdet quickstart.
# AP50 0.973, AP 0.817 on the validation images after 1 min 38 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/paa_r18_shapes.py
_base_ = 'atss_r18_shapes.py'
model = dict(
    type='PAA',
    bbox_head=dict(
        type='PAAHead',
        reg_decoded_bbox=True,
        score_voting=True,
        topk=9,
        loss_bbox=dict(loss_weight=1.3),
        loss_centerness=dict(loss_weight=0.5)))
train_cfg = dict(
    assigner=dict(
        _delete_=True,
        type='MaxIoUAssigner',
        pos_iou_thr=0.1,
        neg_iou_thr=0.1,
        min_pos_iou=0,
        ignore_iof_thr=-1))
