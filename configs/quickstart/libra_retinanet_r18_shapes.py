# Libra (Pang et al., arXiv:1904.02701): RetinaNet with the balanced pyramid and L1 loss and a thin ResNet-18, for the drawn
# shapes of ./mmdet quickstart.
# AP50 0.970, AP 0.740 on the validation images after 1 min 55 s on two processor cores (seed 0).
# ./mmdet train configs/quickstart/libra_retinanet_r18_shapes.py
_base_ = 'retinanet_r18_shapes.py'
model = dict(
    neck=[
        dict(
            type='FPN',
            in_channels=[16, 32, 64, 128],
            out_channels=64,
            start_level=1,
            add_extra_convs='on_output',
            num_outs=4),
        dict(type='BFP', in_channels=64, num_levels=4, refine_level=1, refine_type='non_local'),
    ],
    bbox_head=dict(
        loss_bbox=dict(_delete_=True, type='BalancedL1Loss', alpha=0.5, gamma=1.5, beta=0.11, loss_weight=1.0)))
