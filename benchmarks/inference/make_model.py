"""Writes what all peers read: the weights, an image of each size, and the whole model as ONNX for each size.

usage: make_model.py FOLDER HEIGHTxWIDTH ...
"""
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

import retinanet


class Whole(nn.Module):
    """Pixels to (D, 6), with the anchors of one size as constants."""

    def __init__(self, network, height, width):
        super().__init__()
        self.network, self.height, self.width = network, height, width

    def forward(self, x):
        return retinanet.detections(self.network(x), self.height, self.width)


def main(folder, sizes):
    warnings.filterwarnings('ignore')
    torch.set_grad_enabled(False)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    network = retinanet.make()
    torch.save({'state_dict': network.state_dict(), 'meta': {}}, folder / 'retinanet.pth')
    for size in sizes:
        height, width = map(int, size.split('x'))
        image = retinanet.image(height, width)
        image.numpy().tofile(folder / f'image_{size}.bin')
        torch.onnx.export(
            Whole(network, height, width), image, str(folder / f'retinanet_{size}.onnx'), opset_version=13,
            input_names=['x'], output_names=['detections'], dynamic_axes={'detections': {0: 'd'}})


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
