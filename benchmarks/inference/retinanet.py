"""RetinaNet-R50-FPN in plain PyTorch: the eager peer of the benchmarks.

The layers, their names and the post-processing are those of MMDetection's retinanet_r50_fpn; the weights follow the
fill rule of the recorded goldens (a closed form of the parameter's name): every peer runs on the same numbers.
"""
import re

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.ops import nms

GAINS = [
    (r'^backbone\.layer\d+\.\d+\.conv3\.weight$', 0.25),
    (r'(lateral_convs|fpn_convs)\.\d+\.conv\.weight$', 0.35),
    (r'retina_cls\.weight$', 0.6),
    (r'retina_reg\.weight$', 0.2),
]


def uniform(key, count):
    """`count` float32 values in [0, 1) from the name `key`: FNV-1a seeds a SplitMix64 sequence."""
    seed = 0xCBF29CE484222325
    for byte in key.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & (2 ** 64 - 1)
    with np.errstate(over='ignore'):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float32) * np.float32(2.0 ** -24)


def fill(module):
    """Overwrites every parameter and running statistic of `module` by the fill rule."""
    for key, tensor in module.state_dict().items():
        shape = tuple(tensor.shape)
        if key.endswith('num_batches_tracked'):
            continue
        u = uniform(key, tensor.numel())
        v = np.float32(2) * u - np.float32(1)
        if key.endswith('running_var'):
            values = np.float32(0.75) + np.float32(0.5) * u
        elif key.endswith('running_mean'):
            values = np.float32(0.1) * v
        elif len(shape) >= 2:
            gain = next((g for pattern, g in GAINS if re.search(pattern, key)), 1.0)
            values = np.float32(np.sqrt(6.0 / np.prod(shape[1:])) * gain) * v
        elif key.endswith('.bias'):
            # The goldens' centre is -4; -8 gives as many candidates as a trained model has, not ten times more.
            values = np.float32(-8.0 if key.endswith('retina_cls.bias') else 0.0) + np.float32(0.05) * v
        else:
            values = np.float32(1) + np.float32(0.1) * v
        tensor.copy_(torch.from_numpy(values.reshape(shape)))
    return module


def image(height, width):
    """A batch of one image in the range of normalised pixels, the same for every peer."""
    return torch.from_numpy((4 * uniform('input', 3 * height * width) - 2).reshape(1, 3, height, width))


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride, project):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.downsample = nn.Sequential(
            nn.Conv2d(inputs, planes * 4, 1, stride, bias=False), nn.BatchNorm2d(planes * 4)) if project else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        y += x if self.downsample is None else self.downsample(x)
        return F.relu(y, inplace=True)


class ResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, (blocks, planes) in enumerate(zip((3, 4, 6, 3), (64, 128, 256, 512)), 1):
            layers = []
            for block in range(blocks):
                stride = 2 if block == 0 and stage > 1 else 1
                layers.append(Bottleneck(inputs, planes, stride, block == 0))
                inputs = planes * 4
            setattr(self, f'layer{stage}', nn.Sequential(*layers))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, 2, 1)
        maps = []
        for stage in (1, 2, 3, 4):
            x = getattr(self, f'layer{stage}')(x)
            maps.append(x)
        return maps


class Conv(nn.Module):
    """A convolution under the name `conv`, as the reference's ConvModule spells its key."""

    def __init__(self, inputs, outputs, kernel, stride=1, padding=0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding)

    def forward(self, x):
        return self.conv(x)


class Fpn(nn.Module):
    def __init__(self):
        super().__init__()
        self.lateral_convs = nn.ModuleList(Conv(c, 256, 1) for c in (512, 1024, 2048))
        self.fpn_convs = nn.ModuleList(
            [Conv(256, 256, 3, 1, 1) for _ in range(3)] + [Conv(2048, 256, 3, 2, 1), Conv(256, 256, 3, 2, 1)])

    def forward(self, maps):
        laterals = [conv(x) for conv, x in zip(self.lateral_convs, maps[1:])]
        for level in (2, 1):
            size = laterals[level - 1].shape[2:]
            laterals[level - 1] = laterals[level - 1] + F.interpolate(laterals[level], size=size, mode='nearest')
        outs = [self.fpn_convs[level](laterals[level]) for level in range(3)]
        outs.append(self.fpn_convs[3](maps[-1]))
        outs.append(self.fpn_convs[4](outs[-1]))
        return outs


class RetinaHead(nn.Module):
    def __init__(self, classes=80, anchors=9):
        super().__init__()
        self.cls_convs = nn.ModuleList(Conv(256, 256, 3, 1, 1) for _ in range(4))
        self.reg_convs = nn.ModuleList(Conv(256, 256, 3, 1, 1) for _ in range(4))
        self.retina_cls = nn.Conv2d(256, anchors * classes, 3, padding=1)
        self.retina_reg = nn.Conv2d(256, anchors * 4, 3, padding=1)

    def forward(self, maps):
        scores, deltas = [], []
        for x in maps:
            c = r = x
            for conv in self.cls_convs:
                c = F.relu(conv(c), inplace=True)
            for conv in self.reg_convs:
                r = F.relu(conv(r), inplace=True)
            scores.append(self.retina_cls(c))
            deltas.append(self.retina_reg(r))
        return scores + deltas


class RetinaNet(nn.Module):
    """forward: (1, 3, H, W) -> five score maps (1, 720, H, W) and five box maps (1, 36, H, W)."""

    def __init__(self):
        super().__init__()
        self.backbone = ResNet50()
        self.neck = Fpn()
        self.bbox_head = RetinaHead()

    def forward(self, x):
        return tuple(self.bbox_head(self.neck(self.backbone(x))))


def make():
    return fill(RetinaNet().eval())


def anchors_of(height, width, stride):
    """Nine anchors a place, (H * W * 9, 4) xyxy: ratios 0.5, 1, 2 by scales 4, 4 * 2^(1/3), 4 * 2^(2/3)."""
    ratios = torch.tensor([0.5, 1.0, 2.0]).sqrt()
    scales = torch.tensor([4 * 2 ** (i / 3) for i in range(3)])
    w = (stride / ratios[:, None] * scales).flatten() / 2
    h = (stride * ratios[:, None] * scales).flatten() / 2
    cell = torch.stack([-w, -h, w, h], 1)
    y, x = torch.meshgrid(torch.arange(height) * stride, torch.arange(width) * stride, indexing='ij')
    shift = torch.stack([x, y, x, y], -1).reshape(-1, 1, 4)
    return (shift + cell).reshape(-1, 4)


def decode(anchors, deltas, height, width):
    centre = (anchors[:, :2] + anchors[:, 2:]) / 2
    size = anchors[:, 2:] - anchors[:, :2]
    limit = abs(np.log(16 / 1000))
    centre = centre + deltas[:, :2] * size
    half = size * deltas[:, 2:].clamp(-limit, limit).exp() / 2
    boxes = torch.cat([centre - half, centre + half], 1)
    boxes[:, 0::2].clamp_(0, width)
    boxes[:, 1::2].clamp_(0, height)
    return boxes


def detections(maps, height, width):
    """The maps of one image -> (D, 6): xyxy, score, label."""
    all_boxes, all_scores = [], []
    for level in range(5):
        scores, deltas = maps[level], maps[level + 5]
        h, w = scores.shape[2:]
        scores = scores[0].permute(1, 2, 0).reshape(-1, 80).sigmoid()
        deltas = deltas[0].permute(1, 2, 0).reshape(-1, 4)
        anchors = anchors_of(h, w, 8 << level)
        if len(scores) > 1000:
            best = scores.max(1)[0].topk(1000)[1]
            scores, deltas, anchors = scores[best], deltas[best], anchors[best]
        all_boxes.append(decode(anchors, deltas, height, width))
        all_scores.append(scores)
    boxes, scores = torch.cat(all_boxes), torch.cat(all_scores)
    box, label = (scores > 0.05).nonzero(as_tuple=True)
    boxes, scores = boxes[box], scores[box, label]
    shifted = boxes + (label.float() * (max(height, width) + 1))[:, None]
    kept = nms(shifted, scores, 0.5)[:100]
    return torch.cat([boxes[kept], scores[kept, None], label[kept, None].float()], 1)
