# RepPoints: Point Set Representation for Object Detection, arXiv:1904.11490.
# Boxes from the extremes of all points.
# ./mmdet train configs/reppoints/reppoints_minmax_r50_fpn_gn-neck+head_1x_coco.py
_base_ = './reppoints_moment_r50_fpn_gn-neck+head_1x_coco.py'
model = dict(bbox_head=dict(transform_method='minmax'))
