#!/usr/bin/env bash
# One training iteration of RetinaNet-R50-FPN, batch 2 at 320x320, 2 threads: PyTorch and MMDetSharp in turn.
# Usage: benchmarks/training/run.sh [ROUNDS] [ITERATIONS]; needs apt-get install python3-torch python3-torchvision
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
case=$(mktemp --suffix .pth)
trap 'rm -f "$case"' EXIT
export OMP_NUM_THREADS=2
dotnet build "$here" -c Release -v q -clp:NoSummary
program=$(find "$root/artifacts/bin/TrainingBenchmark" -name TrainingBenchmark.dll | head -n 1)
for _ in $(seq "${1:-3}"); do
    echo "PyTorch:    $(/usr/bin/python3 "$here/train_pytorch.py" "$case" "${2:-10}" | tr '\n' ' ')"
    echo "MMDetSharp: $(dotnet "$program" "$root/configs/retinanet/retinanet_r50_fpn_coco.py" "$case" "${2:-10}" | tr '\n' ' ')"
done
