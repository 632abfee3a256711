# RepPoints: Point Set Representation for Object Detection, arXiv:1904.11490.
# The baseline of the paper: boxes on a grid of center points.
# Expected box AP on COCO val2017: 37.4 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/reppoints/bbox_r50_grid_center_fpn_gn-neck+head_1x_coco.py
_base_ = './reppoints_moment_r50_fpn_gn-neck+head_1x_coco.py'
model = dict(bbox_head=dict(transform_method='minmax', use_grid_points=True))
