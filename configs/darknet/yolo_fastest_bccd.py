# Yolo-Fastest 1.1 (github.com/dog-qiuqiu/Yolo-Fastest) in Darknet's format, fine-tuned from COCO on the BCCD blood cells.
# The cfg's own loss (YOLOv4's, arXiv:2004.10934: CIoU) and the learning rate of its [net]; any Darknet cfg with
# [yolo] layers is trained so. docs/models/yolo_training.md tells how targets are assigned.
# Seen: AP50 0.817 on the test split after 12 epochs (total_epochs=12); the whole recipe was not run.
# scripts/prepare_bccd.sh BCCD_FOLDER prepares the data.
# ./mmdet convert darknet yolo-fastest-1.1.cfg yolo-fastest-1.1.weights yolo-fastest-1.1.pth
# ./mmdet train configs/darknet/yolo_fastest_bccd.py --cfg-options model.cfg=yolo-fastest-1.1.cfg \
#     load_from=yolo-fastest-1.1.pth
_base_ = '../_base_/default_runtime.py'
model = dict(type='DarknetDetector', cfg='yolo-fastest-1.1.cfg', num_classes=3)
train_cfg = dict()
test_cfg = dict(score_thr=0.005, nms_thr=0.45)

data_root = 'data/bccd/'
classes = ('RBC', 'WBC', 'Platelets')
norm = dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    # As Darknet's jitter and hue, saturation, exposure.
    dict(type='YOLOv5RandomAffine', scaling_ratio_range=(0.8, 1.25), max_translate_ratio=0.2),
    dict(type='YOLOv5HSVRandomAug', hue_delta=0.1, saturation_delta=0.5, value_delta=0.5),
    dict(type='RandomFlip', flip_ratio=[0.25, 0.25, 0.25], direction=['horizontal', 'vertical', 'diagonal']),
    dict(type='Resize', img_scale=(320, 320), keep_ratio=False),
    norm,
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='DarknetResize', size=(320, 320), letter_box=False),
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
        type='CocoDataset',
        classes=classes,
        ann_file=data_root + 'annotations/trainval.json',
        img_prefix=data_root + 'images/',
        pipeline=train_pipeline),
    val=test,
    test=test)

optimizer = dict(type='SGD', lr=0.001, momentum=0.949, weight_decay=0.0005)
optimizer_config = dict(grad_clip=dict(max_norm=35))
# Darknet's burn_in comes up with a power of 4; a line does as well.
lr_config = dict(policy='CosineAnnealing', by_epoch=False, min_lr_ratio=0.01, warmup='linear', warmup_iters=40, warmup_ratio=0.01)
custom_hooks = [dict(type='YOLOv5EMAHook')]
total_epochs = 40
evaluation = dict(interval=5, metric='bbox')
checkpoint_config = dict(interval=10)
log_config = dict(interval=6)
