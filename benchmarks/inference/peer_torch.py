"""PyTorch, eager. Reads sizes from stdin, answers each with one line of JSON: seconds, and the detections."""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

import retinanet


def main(folder, threads):
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    network = retinanet.RetinaNet().eval()
    network.load_state_dict(torch.load(Path(folder) / 'retinanet.pth')['state_dict'])
    for line in sys.stdin:
        height, width = map(int, line.strip().split('x'))
        pixels = np.fromfile(Path(folder) / f'image_{height}x{width}.bin', np.float32)
        image = torch.from_numpy(pixels.reshape(1, 3, height, width))
        start, cpu = time.perf_counter(), time.process_time()
        maps = network(image)
        middle = time.perf_counter()
        found = retinanet.detections(maps, height, width).tolist()
        end, cpu = time.perf_counter(), time.process_time() - cpu
        print(json.dumps({'seconds': end - start, 'network': middle - start, 'cpu': cpu, 'detections': found}),
              flush=True)


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
