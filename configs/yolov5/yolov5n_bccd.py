# YOLOv5n (github.com/ultralytics/yolov5, v6.0) fine-tuned from COCO on the BCCD blood cells, images of 320 pixels.
# Expected: AP50 0.89 on the test split after 5 minutes on two processor cores; 0.56 from scratch (docs/bccd_yolov5.md).
# scripts/prepare_bccd.sh BCCD_FOLDER prepares the data; yolov5n.pt is the file of YOLOv5's releases.
# ./mmdet train configs/yolov5/yolov5n_bccd.py --cfg-options load_from=yolov5n.pt
_base_ = ['../_base_/models/yolov5_v6.py', '../_base_/default_runtime.py']
size = 320
model = dict(nc=3, width_multiple=0.25, loss=dict(img_size=size))

data_root = 'data/bccd/'
classes = ('RBC', 'WBC', 'Platelets')
norm = dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True)
train_pipeline = [
    dict(type='Mosaic', img_scale=(size, size)),
    # Half of the mosaic, as large as one image.
    dict(
        type='YOLOv5RandomAffine', border=(-size // 2, -size // 2), max_translate_ratio=0.1, scaling_ratio_range=(0.5, 1.5)),
    dict(type='YOLOv5HSVRandomAug', hue_delta=0.015, saturation_delta=0.7, value_delta=0.4),
    dict(type='RandomFlip', flip_ratio=[0.25, 0.25, 0.25], direction=['horizontal', 'vertical', 'diagonal']),
    norm,
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LetterResize', img_scale=size, stride=32),
    norm,
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img']),
]
test = dict(
    type='CocoDataset',
    classes=classes,
    ann_file=data_root + 'annotations/test.json',
    img_prefix=data_root + 'images/',
    pipeline=test_pipeline)
data = dict(
    samples_per_gpu=16,
    workers_per_gpu=2,
    train=dict(
        type='MultiImageMixDataset',
        dataset=dict(
            type='CocoDataset',
            classes=classes,
            ann_file=data_root + 'annotations/trainval.json',
            img_prefix=data_root + 'images/',
            pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]),
        pipeline=train_pipeline),
    val=test,
    test=test)

# Weights decay, biases and norms do not. YOLOv5 adds up the gradients of 64 images; so few images need more steps.
optimizer = dict(
    type='SGD', lr=0.01, momentum=0.937, nesterov=True, weight_decay=0.0005,
    paramwise_cfg=dict(norm_decay_mult=0., bias_decay_mult=0.))
optimizer_config = dict(type='YOLOv5OptimizerHook', nominal_batch_size=16, grad_clip=dict(max_norm=10))
lr_config = dict(
    policy='YOLOv5', scheduler='linear', lr_factor=0.01,
    warmup_epochs=2, warmup_min_iters=20, warmup_bias_lr=0.1, warmup_momentum=0.8)
custom_hooks = [dict(type='YOLOv5EMAHook')]
total_epochs = 20
evaluation = dict(interval=4, metric='bbox')
checkpoint_config = dict(interval=10)
log_config = dict(interval=6)
