#!/usr/bin/env bash
# One photo from the start of the process to the written image, RetinaNet-R50 at 800x1333, 2 threads: PyTorch and
# ./mmdet demo in turn, then whether they found the same.
# Usage: benchmarks/demo/run.sh PHOTO [ROUNDS]; needs apt-get install python3-torch python3-torchvision python3-opencv
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
photo=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=2
config="$root/configs/retinanet/retinanet_r50_fpn_coco.py"
"$root/mmdet" build
/usr/bin/python3 "$here/demo_pytorch.py" "$photo" "$work/r50.pth" - -
timed() {
    local name=$1
    shift
    /usr/bin/time -f "$name %e s, processor %U + %S s, peak %M KiB" "$@" >/dev/null 2>"$work/log" || cat "$work/log"
    grep "^$name" "$work/log"
}
for _ in $(seq "${2:-3}"); do
    timed PyTorch /usr/bin/python3 "$here/demo_pytorch.py" "$photo" "$work/r50.pth" "$work/p.jpg" "$work/p.json"
    timed MMDetSharp "$root/mmdet" demo "$photo" "$config" "$work/r50.pth" --out "$work/m.jpg" --json "$work/m.json" \
        --score-thr 0.05
    timed MMDetSharp-eager "$root/mmdet" demo "$photo" "$config" "$work/r50.pth" --out "$work/e.jpg" \
        --json "$work/e.json" --score-thr 0.05 --no-compile
done
/usr/bin/python3 - "$work/p.json" "$work/m.json" <<'P'
import json
import sys
peer = json.load(open(sys.argv[1]))
ours = [d['bbox'] + [d['score'], d['label']] for d in json.load(open(sys.argv[2]))[0]['detections']]
worst = max((min(max(abs(a - b) for a, b in zip(p, o)) for o in ours) for p in peer), default=0)
print(f'found: PyTorch {len(peer)}, MMDetSharp {len(ours)}; the worst match differs by {worst:.4f} (pixels or score)')
P
