# YOLOv5's schedule: gradients of a nominal batch of 64, 3 epochs of warm-up, a line down to a hundredth, averaged weights.
optimizer = dict(
    type='SGD', lr=0.01, momentum=0.937, weight_decay=0.0005, nesterov=True,
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0))
optimizer_config = dict(type='YOLOv5OptimizerHook', nominal_batch_size=64)
lr_config = dict(policy='YOLOv5', scheduler='linear', lr_factor=0.01)
custom_hooks = [dict(type='YOLOv5EMAHook')]
total_epochs = 300
