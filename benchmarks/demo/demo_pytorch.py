"""Finds objects on one photo with PyTorch and writes the painted image: the peer of ./mmdet demo.

Usage: demo_pytorch.py PHOTO CHECKPOINT OUT_IMAGE OUT_JSON; with CHECKPOINT missing it is written first.
The steps are those of MMDetection's demo with retinanet_r50_fpn: resize to (1333, 800), normalise, pad to 32, network,
decoding, class-wise NMS, boxes with a score of at least 0.05.
"""
import json
import resource
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent.parent / 'inference'))
import retinanet  # noqa: E402

MEAN, STD = np.array([123.675, 116.28, 103.53]), np.array([58.395, 57.12, 57.375])


def prepare(image):
    height, width = image.shape[:2]
    scale = min(1333 / max(height, width), 800 / min(height, width))
    size = int(width * scale + 0.5), int(height * scale + 0.5)
    pixels = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)[..., ::-1].astype(np.float32)
    pixels = (pixels - MEAN.astype(np.float32)) * (1 / STD).astype(np.float32)
    bottom, right = -size[1] % 32, -size[0] % 32
    pixels = np.pad(pixels, ((0, bottom), (0, right), (0, 0)))
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None], size


def main():
    photo, checkpoint, out, out_json = sys.argv[1:]
    torch.set_num_threads(2)
    if not Path(checkpoint).exists():
        torch.save({'meta': {}, 'state_dict': retinanet.make().state_dict()}, checkpoint)
        return
    model = retinanet.RetinaNet().eval()
    model.load_state_dict(torch.load(checkpoint, map_location='cpu')['state_dict'])
    image = cv2.imread(photo)
    with torch.no_grad():
        pixels, size = prepare(image)
        found = retinanet.detections(model(pixels), size[1], size[0])
    found = found[found[:, 4] >= 0.05]
    found[:, 0:4:2] *= image.shape[1] / size[0]
    found[:, 1:4:2] *= image.shape[0] / size[1]
    for x1, y1, x2, y2, score, label in found.tolist():
        cv2.rectangle(image, (int(x1), int(y1)), (int(x2), int(y2)), (80, 80, 240), 2)
        cv2.putText(image, f'{int(label)} {score:.2f}', (int(x1), int(y1)), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0))
    cv2.imwrite(out, image)
    Path(out_json).write_text(json.dumps(found.tolist()))
    print(f'peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB', file=sys.stderr)


main()
