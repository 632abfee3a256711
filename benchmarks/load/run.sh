#!/usr/bin/env bash
# Training and inference on a quiet machine and beside as many busy processes as it has processors: two more trainings, then
# stress-ng. Usage: benchmarks/load/run.sh [ROUNDS] [SECONDS]; needs apt-get install stress-ng
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
config=$root/configs/quickstart/retinanet_r18_shapes.py
rounds=${1:-3} seconds=${2:-15}
folder=$(mktemp -d)
export MMDET_ROOT="$root" DOTNET_TieredPGO=0
cd "$root"
"$root/mmdet" build
dotnet build "$here" -c Release -v q -clp:NoSummary
checkpoint=work_dirs/load/epoch_1.pth
[ -e "$checkpoint" ] ||
    "$root/mmdet" quickstart --work-dir work_dirs/load --cfg-options total_epochs=1 >/dev/null 2>&1

busy=()
quiet() {
    ((${#busy[@]} == 0)) || kill "${busy[@]}"
    wait 2>/dev/null || true
    busy=()
}
trap 'quiet; rm -rf "$folder"' EXIT

# train FOLDER: until it is stopped.
train() {
    exec dotnet "$root/artifacts/mmdet/mmdet.dll" train "$config" --no-validate --seed 0 --work-dir "$1" \
        --cfg-options total_epochs=1000 checkpoint_config.interval=1000
}

# load KIND: starts what keeps the machine busy.
load() {
    case $1 in
        trainings)
            (train "$folder/a" >/dev/null 2>&1) &
            busy+=($!)
            (train "$folder/b" >/dev/null 2>&1) &
            busy+=($!)
            sleep 8
            ;;
        stress-ng)
            stress-ng --quiet --cpu "$(nproc)" &
            busy+=($!)
            ;;
    esac
}

# Images a second, and processor seconds per 1000 images.
library() { dotnet "$root/artifacts/bin/LoadBenchmark/release/LoadBenchmark.dll" "$config" "$1" "$seconds"; }

# The same of ./mmdet train: all iterations but the first 20; the processor's time with start and compilation.
command_line() {
    rm -rf "$folder/measured"
    (train "$folder/measured" >/dev/null 2>&1) &
    local process=$! ticks
    sleep $((seconds + 6))
    ticks=$(awk '{ print $14 + $15 }' "/proc/$process/stat")
    kill "$process"
    wait "$process" 2>/dev/null || true
    grep -h '"train"' "$folder"/measured/*.json | sed 's/.*"time": \([0-9.]*\).*/\1/' |
        awk -v ticks="$ticks" -v hertz="$(getconf CLK_TCK)" 'NR > 2 { n++; t += $1 }
            END { if (n) printf "%.1f %.2f\n", 8 * n / t, 1000 * ticks / hertz / (80 * NR); else print "0 0" }'
}

# ./mmdet test on the 400 training images, from the start of the process to its end.
command_line_test() {
    local TIMEFORMAT='%R %U %S'
    { time dotnet "$root/artifacts/mmdet/mmdet.dll" test "$config" "$checkpoint" --eval bbox --cfg-options \
        data.test.ann_file=work_dirs/shapes/annotations/train.json data.test.img_prefix=work_dirs/shapes/train/ \
        >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.1f %.2f\n", 400 / $1, 1000 * ($2 + $3) / 400 }'
}

measure() {
    case $1 in
        "train, library") library train ;;
        "infer, library") library infer ;;
        "train, command") command_line ;;
        "infer, command") command_line_test ;;
    esac
}

for round in $(seq "$rounds"); do
    for kind in quiet trainings stress-ng; do
        load "$kind"
        for what in "train, library" "infer, library" "train, command" "infer, command"; do
            printf '%s|%s|ours|%s\n' "$kind" "$what" "$(measure "$what")"
            [ "$kind" = quiet ] || continue
            # What libgomp does by itself: on a busy machine that would stand still for minutes.
            printf '%s|%s|libgomp|%s\n' "$kind" "$what" "$(GOMP_SPINCOUNT=300000 measure "$what")"
        done
        quiet
    done
done | tee "$folder/lines" >&2

# Medians, and their ratio to the quiet machine's.
python3 - "$folder/lines" <<'PYTHON'
import collections
import statistics
import sys

found = collections.defaultdict(list)
for line in open(sys.argv[1]):
    kind, what, who, numbers = line.strip().split("|")
    found[what, who, kind].append([float(number) for number in numbers.split()])
print(f"{'':16}{'waiting':10}{'machine':12}{'images/s':>10}{'of quiet':>10}{'processor s per 1000':>22}")
for what, who in dict.fromkeys(key[:2] for key in found):
    quiet = statistics.median(row[0] for row in found[what, who, "quiet"])
    for kind in ("quiet", "trainings", "stress-ng"):
        rows = found[what, who, kind]
        if not rows:
            continue
        speed, cpu = (statistics.median(row[i] for row in rows) for i in (0, 1))
        print(f"{what:16}{who:10}{kind:12}{speed:10.1f}{speed / quiet:10.2f}{cpu:22.1f}")
PYTHON
