"""A Darknet model from an image file to its boxes: this project, AlexeyAB's Darknet and OpenCV side by side.

usage: run.py --darknet FOLDER [--model CFG] [--images FOLDER] [--rounds 15] [--threads 2]
FOLDER is a checkout of github.com/AlexeyAB/darknet; it is built there with OPENMP=1 AVX=1 where it is not yet. Each peer takes
one image in turn, so that what else the machine does hits all alike. Prints best and median times, ratios, and how the boxes
differ from Darknet's.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = os.environ.get('PYTHON', '/usr/bin/python3')
NAMES = {'ours': 'MMDetSharp', 'darknet': 'Darknet', 'opencv': 'OpenCV DNN'}


def prepare(darknet):
    if not (darknet / 'libdarknet.so').exists():
        subprocess.run(['make', 'OPENMP=1', 'AVX=1', 'OPENCV=0', 'GPU=0', 'LIBSO=1'], cwd=darknet, check=True)
    subprocess.run(['dotnet', 'build', '-c', 'Release', '-v', 'q', '-clp:NoSummary', HERE / 'DarknetBenchmark.csproj'],
                   check=True)


def command(name, options):
    cfg, weights = options.model, options.model.with_suffix('.weights')
    return {
        'ours': [ROOT / 'artifacts/bin/DarknetBenchmark/release/DarknetBenchmark', cfg, weights, options.threads],
        'darknet': [PYTHON, HERE / 'peer_darknet.py', options.darknet / 'libdarknet.so', cfg, weights],
        'opencv': [PYTHON, HERE / 'peer_opencv.py', cfg, weights, options.threads],
    }[name]


class Peer:
    def __init__(self, name, options):
        self.name, self.times, self.cpu = name, [], []
        self.process = subprocess.Popen(
            [str(part) for part in command(name, options)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, 'OMP_NUM_THREADS': str(options.threads)})

    def run(self, image):
        print(image, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def difference(found, expected):
    """Boxes without a twin (same class, IoU >= 0.98), and the largest difference of the scores of twins."""
    lonely, largest = 0, 0.0
    for one in expected:
        twins = [abs(one[4] - other[4]) for other in found if other[5] == one[5] and overlap(one, other) >= 0.98]
        lonely, largest = lonely + (not twins), max(largest, min(twins, default=0.0))
    return lonely, largest


def compare(peers, images):
    """Boxes on copies of the images that every decoder reads alike."""
    import cv2
    with tempfile.TemporaryDirectory() as folder:
        lonely, largest, count = 0, 0.0, 0
        for image in images:
            copy = f'{folder}/{image.stem}.png'
            cv2.imwrite(copy, cv2.imread(str(image)))
            found = {name: peer.run(copy)['detections'] for name, peer in peers.items()}
            alone, apart = difference(found['ours'], found['darknet'])
            more, _ = difference(found['darknet'], found['ours'])
            lonely, largest, count = lonely + alone + more, max(largest, apart), count + len(found['darknet'])
    print(f'PNG copies: {count} boxes of Darknet, {lonely} without a twin, scores differ by at most {largest:.1e}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--darknet', type=Path, required=True)
    parser.add_argument('--model', type=Path, default=ROOT.parent / 'shared/weights/yolo-fastest/yolo-fastest-1.1.cfg')
    parser.add_argument('--images', type=Path, default=ROOT.parent / 'shared/data/photos')
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--peers', nargs='+', default=list(NAMES))
    options = parser.parse_args()
    prepare(options.darknet)
    images = sorted(options.images.glob('*.jpg'))
    peers = {name: Peer(name, options) for name in options.peers}
    for image in images:                                      # warm-up
        for peer in peers.values():
            peer.run(image)
    order = list(peers.values())
    for _ in range(options.rounds):
        for image in images:
            order.append(order.pop(0))  # threads of the one before may still spin
            for peer in order:
                answer = peer.run(image)
                peer.times.append(answer['seconds'])
                peer.cpu.append(answer['cpu'])
    print(f'{options.model.name}, {len(images)} images, {options.rounds} rounds, {options.threads} threads; '
          'ms an image, from the file to the boxes')
    best = {name: sum(min(peer.times[i::len(images)]) for i in range(len(images))) / len(images)
            for name, peer in peers.items()}
    for name, peer in peers.items():
        median = statistics.median(peer.times)
        ratio = statistics.median(t / o for t, o in zip(peer.times, peers['ours'].times))
        print(f'  {NAMES[name]:12} best {best[name] * 1e3:7.2f}  median {median * 1e3:7.2f}  '
              f'{best[name] / best["ours"]:5.2f} x best  {ratio:5.2f} x in the same round  '
              f'{statistics.median(peer.cpu) * 1e3:7.2f} CPU', flush=True)
    if 'darknet' in peers:
        compare({name: peers[name] for name in ('ours', 'darknet')}, images)
    for peer in peers.values():
        peer.process.stdin.close()
        peer.process.wait()


if __name__ == '__main__':
    main()
