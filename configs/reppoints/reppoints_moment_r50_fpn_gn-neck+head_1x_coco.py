# RepPoints: Point Set Representation for Object Detection, arXiv:1904.11490.
# As reppoints_moment_r50_fpn_1x_coco.py, group norm in neck and head.
# Expected box AP on COCO val2017: 38.1 (MMDetection 2.x, 1x schedule).
# ./mmdet train configs/reppoints/reppoints_moment_r50_fpn_gn-neck+head_1x_coco.py
_base_ = './reppoints_moment_r50_fpn_1x_coco.py'
norm_cfg = dict(type='GN', num_groups=32, requires_grad=True)
model = dict(neck=dict(norm_cfg=norm_cfg), bbox_head=dict(norm_cfg=norm_cfg))
