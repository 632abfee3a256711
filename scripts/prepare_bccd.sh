#!/usr/bin/env bash
# Turns the VOC annotations of the BCCD blood-cell set into COCO's format.
#   scripts/prepare_bccd.sh BCCD_FOLDER [TARGET]
# BCCD_FOLDER holds Annotations, ImageSets and JPEGImages (github.com/Shenggan/BCCD_Dataset, folder BCCD).
# TARGET (default data/bccd) gets annotations/{train,val,trainval,test}.json and a link images to the image files.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if (($# < 1 || $# > 2)); then
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
fi
source=$(cd "$1" && pwd)
target=${2:-data/bccd}
mkdir -p "$target/annotations"
for split in train val trainval test; do
    "$root/mmdet" convert voc2coco "$source" --split "$split" --out "$target/annotations/$split.json" \
        --classes RBC WBC Platelets
done
ln -sfn "$source/JPEGImages" "$target/images"
