#!/usr/bin/env bash
# Both programs on the same files in one run: benchmarks/coco_eval/run.sh [FOLDER] [THREADS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../.cache/coco_eval}
threads=${2:-2}
dotnet build -c Release -v q -clp:NoSummary "$here/CocoEvalBenchmark.csproj"
program=$here/../../artifacts/bin/CocoEvalBenchmark/release/CocoEvalBenchmark
[ -f "$folder/results.json" ] || "$program" generate "$folder"
"$program" time "$folder" "$threads"
"${PYTHON:-/usr/bin/python3}" "$here/time_pycocotools.py" "$folder"
