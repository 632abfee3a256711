"""OpenCV's DNN module as a peer: peer_opencv.py CFG WEIGHTS THREADS. Debian's python3-opencv; all in its C++."""
import json
import sys
import time

import cv2

cfg, weights, threads = sys.argv[1:4]
cv2.setNumThreads(int(threads))
network = cv2.dnn.readNetFromDarknet(cfg, weights)
sizes = dict(line.replace(' ', '').strip().split('=')[:2] for line in open(cfg) if line.startswith(('width', 'height')))
model = cv2.dnn_DetectionModel(network)
model.setInputParams(size=(int(sizes['width']), int(sizes['height'])), scale=1 / 255, swapRB=True)
for line in sys.stdin:
    cpu, start = time.process_time(), time.perf_counter()
    classes, scores, boxes = model.detect(cv2.imread(line.strip()), confThreshold=0.25, nmsThreshold=0.45)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    rows = [[float(x), float(y), float(x + w), float(y + h), float(score), int(label)]
            for label, score, (x, y, w, h) in zip(classes, scores, boxes)]
    print(json.dumps({'seconds': seconds, 'cpu': cpu, 'detections': rows}), flush=True)
