"""All peers side by side: each runs one image in turn, so that what else the machine does hits all alike.

usage: run.py [--rounds 15] [--threads 2] [--sizes 800x1216 416x416] [--peers compiled eager torch onnx]
       run.py --model [NAME ...] [--rounds 15] [--threads 2] [--sizes 800x1216 416x416]
Prints the best and the median time of each peer, ratios to it, and how far its detections are from PyTorch's.
"""
import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = ROOT / 'benchmarks' / '.cache' / 'inference'
PROGRAM = ROOT / 'artifacts/bin/InferenceBenchmark/release/InferenceBenchmark'
PYTHON = os.environ.get('PYTHON', '/usr/bin/python3')
NAMES = {'compiled': 'MMDetSharp', 'eager': 'MMDetSharp, eager', 'torch': 'PyTorch, eager', 'onnx': 'ONNX Runtime'}


def command(peer, threads):
    config = ROOT / 'configs/retinanet/retinanet_r50_fpn_coco.py'
    return {
        'compiled': [PROGRAM, CACHE, threads, config, 'compiled'],
        'eager': [PROGRAM, CACHE, threads, config, 'eager'],
        'torch': [PYTHON, HERE / 'peer_torch.py', CACHE, threads],
        'onnx': ['node', HERE / 'peer_onnx.js', CACHE, threads],
    }[peer]


def prepare(sizes, peers):
    files = [CACHE / 'retinanet.pth'] + [CACHE / name for size in sizes for name in (f'retinanet_{size}.onnx', f'image_{size}.bin')]
    if not all(file.exists() for file in files):
        subprocess.run([PYTHON, HERE / 'make_model.py', CACHE, *sizes], check=True)
    if 'onnx' in peers and not (HERE / 'node_modules').exists():
        subprocess.run(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=HERE, check=True)
    build()


def build():
    subprocess.run(['dotnet', 'build', '-c', 'Release', '-v', 'q', '-clp:NoSummary',
                    HERE / 'InferenceBenchmark.csproj'], check=True)


class Peer:
    def __init__(self, name, threads):
        self.name = name
        self.process = subprocess.Popen([str(part) for part in command(name, threads)], text=True, cwd=HERE,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, size):
        print(size, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def difference(found, expected):
    """The largest of |a - b| / max(|b|, 1) over the detections of a score that no neighbour ties with."""
    if len(found) != len(expected):
        return float('inf')
    return max((abs(a - b) / max(abs(b), 1) for x, y in zip(found, expected) for a, b in zip(x, y)), default=0.0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--sizes', nargs='+', default=['800x1216', '416x416'])
    parser.add_argument('--peers', nargs='+', default=['compiled', 'eager', 'torch', 'onnx'])
    parser.add_argument('--model', nargs='*', metavar='NAME',
                        help='eager and compiled of detectors of the model zoo, fresh weights; without a name: all')
    options = parser.parse_args()
    if options.model is not None:
        build()
        for size in options.sizes:
            print(size, flush=True)
            subprocess.run([PROGRAM, 'models', str(options.threads), ROOT, str(options.rounds), size, *options.model], check=True)
        return
    prepare(options.sizes, options.peers)
    peers = [Peer(name, options.threads) for name in options.peers]
    for size in options.sizes:
        last = {peer.name: peer.run(size) for peer in peers}     # warm-up
        times = {peer.name: [] for peer in peers}
        cpu = {peer.name: [] for peer in peers}
        for _ in range(options.rounds):
            for peer in peers:
                answer = peer.run(size)
                times[peer.name].append(answer['seconds'])
                cpu[peer.name].append(answer['cpu'])
        print(f'{size}, {len(last[peers[0].name]["detections"])} detections')
        for peer in peers:
            best, median = min(times[peer.name]), statistics.median(times[peer.name])
            ratios = statistics.median(t / c for t, c in zip(times[peer.name], times[peers[0].name]))
            apart = difference(last[peer.name]['detections'], last['torch']['detections']) if 'torch' in last else 0
            print(f'  {NAMES[peer.name]:20} best {best * 1e3:7.0f} ms  median {median * 1e3:7.0f} ms  '
                  f'{best / min(times[peers[0].name]):5.2f} x best  {ratios:5.2f} x in the same round  '
                  f'{min(cpu[peer.name]) / min(cpu[peers[0].name]):5.2f} x CPU time  '
                  f'difference {apart:.1e}', flush=True)
    for peer in peers:
        peer.process.stdin.close()
        peer.process.wait()


if __name__ == '__main__':
    main()
