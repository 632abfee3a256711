"""One training iteration of RetinaNet-R50-FPN in plain PyTorch: the peer of TrainingBenchmark.

The model is that of ../inference/retinanet.py (same names, same weights). Stem and first stage are frozen, all batch
norms keep their statistics, as in MMDetection's retinanet_r50_fpn. Usage: train_pytorch.py CASE [ITERATIONS]: the
weights, images and objects go to the file CASE, from which TrainingBenchmark starts.
"""
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torchvision.ops import box_iou

sys.path.insert(0, str(Path(__file__).parent.parent / 'inference'))
import retinanet  # noqa: E402

SIDE, BATCH, CLASSES = 320, 2, 80


def batch():
    """Two images and their objects by closed forms of their names."""
    images = (4 * retinanet.uniform('input', BATCH * 3 * SIDE * SIDE) - 2).reshape(BATCH, 3, SIDE, SIDE)
    objects = []
    for i in range(BATCH):
        u = retinanet.uniform(f'boxes{i}', 8 * 5).reshape(8, 5)
        x1, y1 = u[:, 0] * 200, u[:, 1] * 200
        boxes = np.stack([x1, y1, x1 + 16 + u[:, 2] * 100, y1 + 16 + u[:, 3] * 100], 1).astype(np.float32)
        objects.append((torch.from_numpy(boxes), torch.from_numpy((u[:, 4] * CLASSES).astype(np.int64))))
    return torch.from_numpy(images), objects


def assign(anchors, boxes):
    """The object of each anchor (-1: background, -2: ignored): IoU 0.5 / 0.4, and each object's best anchors."""
    overlaps = box_iou(boxes, anchors)
    best, which = overlaps.max(0)
    result = torch.full((len(anchors),), -2, dtype=torch.long)
    result[best < 0.4] = -1
    result[best >= 0.5] = which[best >= 0.5]
    for i in range(len(boxes)):
        top = overlaps[i].max()
        if top > 0:
            result[overlaps[i] == top] = i
    return result


def encode(anchors, boxes):
    size, gsize = anchors[:, 2:] - anchors[:, :2], boxes[:, 2:] - boxes[:, :2]
    centre, gcentre = (anchors[:, :2] + anchors[:, 2:]) / 2, (boxes[:, :2] + boxes[:, 2:]) / 2
    return torch.cat([(gcentre - centre) / size, (gsize / size).log()], 1)


def focal(logits, target):
    p = logits.sigmoid()
    target = target.type_as(logits)
    miss = (1 - p) * target + p * (1 - target)
    weight = (0.25 * target + 0.75 * (1 - target)) * miss.pow(2)
    return F.binary_cross_entropy_with_logits(logits, target, reduction='none') * weight


def losses(maps, objects):
    shapes = [m.shape[2:] for m in maps[:5]]
    levels = [retinanet.anchors_of(h, w, 8 << i) for i, (h, w) in enumerate(shapes)]
    anchors = torch.cat(levels)
    scores = [m.permute(0, 2, 3, 1).reshape(BATCH, -1, CLASSES) for m in maps[:5]]
    deltas = [m.permute(0, 2, 3, 1).reshape(BATCH, -1, 4) for m in maps[5:]]
    labels, targets, counts, positives = [], [], [], 0
    for boxes, classes in objects:
        which = assign(anchors, boxes)
        found = which >= 0
        label = torch.full((len(anchors),), CLASSES)
        label[found] = classes[which[found]]
        target = torch.zeros(len(anchors), 4)
        target[found] = encode(anchors[found], boxes[which[found]])
        labels.append(label)
        targets.append(target)
        counts.append((which >= -1).float())
        positives += max(int(found.sum()), 1)
    labels, targets, counts = torch.stack(labels), torch.stack(targets), torch.stack(counts)
    loss_cls, loss_bbox, start = 0, 0, 0
    for score, delta in zip(scores, deltas):
        end = start + score.shape[1]
        label = labels[:, start:end].reshape(-1)
        hot = F.one_hot(label, CLASSES + 1)[:, :CLASSES]
        weight = counts[:, start:end].reshape(-1, 1)
        loss_cls = loss_cls + (focal(score.reshape(-1, CLASSES), hot) * weight).sum() / positives
        inside = (label < CLASSES).float()[:, None]
        difference = (delta.reshape(-1, 4) - targets[:, start:end].reshape(-1, 4)).abs() * inside
        loss_bbox = loss_bbox + difference.sum() / positives
        start = end
    return loss_cls, loss_bbox


def freeze(model):
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
    for part in (model.backbone.conv1, model.backbone.bn1, model.backbone.layer1):
        for parameter in part.parameters():
            parameter.requires_grad = False


def main():
    case = sys.argv[1]
    iterations = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    torch.set_num_threads(2)
    model = retinanet.make()
    freeze(model)
    optimizer = torch.optim.SGD(
        [p for p in model.parameters() if p.requires_grad], lr=1e-4, momentum=0.9, weight_decay=1e-4)
    images, objects = batch()
    tensors = {f'boxes{i}': boxes for i, (boxes, _) in enumerate(objects)}
    tensors.update({f'labels{i}': labels for i, (_, labels) in enumerate(objects)}, images=images)
    torch.save({'state_dict': model.state_dict(), 'case': tensors}, case)
    times = []
    for iteration in range(iterations):
        start = time.perf_counter()
        loss_cls, loss_bbox = losses(model(images), objects)
        total = loss_cls + loss_bbox
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        value = total.item()
        times.append(time.perf_counter() - start)
        if iteration == 0:
            print(f'first loss {value:.5f} cls {loss_cls.item():.5f} bbox {loss_bbox.item():.5f}')
    rest = sorted(times[2:] or times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f'best {rest[0]:.3f} s  median {rest[len(rest) // 2]:.3f} s  peak {peak:.0f} MiB')


main()
