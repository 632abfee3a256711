# SGD for 20 epochs, batches of 16 images at lr 0.02; a tenth after epochs 16 and 19.
optimizer = dict(type='SGD', lr=0.02, momentum=0.9, weight_decay=0.0001)
optimizer_config = dict(grad_clip=None)
lr_config = dict(
    policy='step',
    warmup='linear',
    warmup_iters=500,
    warmup_ratio=0.001,
    step=[16, 19],
)
total_epochs = 20
