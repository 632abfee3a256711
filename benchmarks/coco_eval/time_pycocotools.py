"""Times pycocotools on the files of the benchmark and compares its 12 numbers with ours.

usage: time_pycocotools.py FOLDER       (COCOAPI: cocoapi's PythonAPI folder with _mask built, if not installed)
"""
import contextlib
import io
import json
import os
import sys
import time
import types

import numpy as np

if 'COCOAPI' in os.environ:
    sys.path.insert(0, os.environ['COCOAPI'])
for alias, kind in (('float', float), ('int', int), ('bool', bool)):   # names that old pycocotools still uses
    if alias not in np.__dict__:
        setattr(np, alias, kind)
try:
    import matplotlib  # noqa: F401  (pycocotools imports it, evaluation does not use it)
except ImportError:
    for name in ('matplotlib', 'matplotlib.pyplot', 'matplotlib.collections', 'matplotlib.patches'):
        sys.modules[name] = types.ModuleType(name)
    sys.modules['matplotlib.collections'].PatchCollection = None
    sys.modules['matplotlib.patches'].Polygon = None

from pycocotools.coco import COCO          # noqa: E402
from pycocotools.cocoeval import COCOeval  # noqa: E402


def measure(work):
    wall, cpu = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


folder = sys.argv[1]
ours = json.load(open(os.path.join(folder, 'mmdetsharp.json')))
load_gt = measure(lambda: COCO(os.path.join(folder, 'annotations.json')))
load_dt = measure(lambda: load_gt[2].loadRes(os.path.join(folder, 'results.json')))
peer = COCOeval(load_gt[2], load_dt[2], 'bbox')
evaluate = measure(peer.evaluate)
accumulate = measure(peer.accumulate)
measure(peer.summarize)

difference = max(abs(a - b) for a, b in zip(ours['stats'], peer.stats))
wall, cpu = evaluate[0] + accumulate[0], evaluate[1] + accumulate[1]
print(f'{"":24} {"wall s":>8} {"CPU s":>8}')
print(f'{"pycocotools load":24} {load_gt[0] + load_dt[0]:8.2f} {load_gt[1] + load_dt[1]:8.2f}')
print(f'{"pycocotools evaluate":24} {evaluate[0]:8.2f} {evaluate[1]:8.2f}')
print(f'{"pycocotools accumulate":24} {accumulate[0]:8.2f} {accumulate[1]:8.2f}')
print(f'{"MMDetSharp load":24} {ours["load_wall"]:8.2f} {ours["load_cpu"]:8.2f}')
print(f'{"MMDetSharp evaluate":24} {ours["evaluate_wall"]:8.2f} {ours["evaluate_cpu"]:8.2f}   first call, {ours["threads"]} threads')
print(f'{"MMDetSharp evaluate":24} {ours["evaluate_again_wall"]:8.2f} {ours["evaluate_again_cpu"]:8.2f}   best of five more')
print(f'ratio of evaluate + accumulate: wall {wall / ours["evaluate_wall"]:.0f}, CPU {cpu / ours["evaluate_cpu"]:.0f}')
print(f'largest difference of the 12 numbers: {difference:.1e}')
sys.exit(0 if difference < 1e-6 and wall >= 10 * ours['evaluate_wall'] else 1)
