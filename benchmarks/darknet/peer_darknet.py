"""AlexeyAB's Darknet as a peer: peer_darknet.py LIBDARKNET CFG WEIGHTS.

Its own functions in the order of `detector test` (detector.c, test_detector), called in its library, so that loading the
model does not count. OMP_NUM_THREADS sets the threads.
"""
import ctypes as c
import json
import os
import sys
import time

THRESHOLD, OVERLAP, GREEDY = 0.25, 0.45, 1


class Box(c.Structure):
    _fields_ = [(name, c.c_float) for name in 'xywh']


class Detection(c.Structure):
    _fields_ = [('bbox', Box), ('classes', c.c_int), ('best_class_idx', c.c_int), ('prob', c.POINTER(c.c_float)),
                ('mask', c.POINTER(c.c_float)), ('objectness', c.c_float), ('sort_class', c.c_int),
                ('uc', c.POINTER(c.c_float)), ('points', c.c_int), ('embeddings', c.POINTER(c.c_float)),
                ('embedding_size', c.c_int), ('sim', c.c_float), ('track_id', c.c_int)]


class Image(c.Structure):
    _fields_ = [('w', c.c_int), ('h', c.c_int), ('c', c.c_int), ('data', c.POINTER(c.c_float))]


answers = os.fdopen(os.dup(1), 'w')  # the library prints to stdout
os.dup2(2, 1)
lib = c.CDLL(sys.argv[1])
lib.load_network_custom.restype = c.c_void_p
lib.load_network_custom.argtypes = [c.c_char_p, c.c_char_p, c.c_int, c.c_int]
lib.load_image_color.restype = Image
lib.load_image_color.argtypes = [c.c_char_p, c.c_int, c.c_int]
lib.resize_image.restype = Image
lib.resize_image.argtypes = [Image, c.c_int, c.c_int]
lib.network_predict_ptr.argtypes = [c.c_void_p, c.POINTER(c.c_float)]
lib.get_network_boxes.restype = c.POINTER(Detection)
lib.get_network_boxes.argtypes = [c.c_void_p, c.c_int, c.c_int, c.c_float, c.c_float, c.c_void_p, c.c_int,
                                  c.POINTER(c.c_int), c.c_int]
lib.diounms_sort.argtypes = [c.POINTER(Detection), c.c_int, c.c_int, c.c_float, c.c_int, c.c_float]
lib.do_nms_sort.argtypes = [c.POINTER(Detection), c.c_int, c.c_int, c.c_float]
lib.free_detections.argtypes = [c.POINTER(Detection), c.c_int]
lib.free_image.argtypes = [Image]
for name in ('network_width', 'network_height'):
    getattr(lib, name).argtypes = [c.c_void_p]

network = lib.load_network_custom(sys.argv[2].encode(), sys.argv[3].encode(), 0, 1)  # folds the norms, as test_detector
is_greedy = 'nms_kind=greedynms' in open(sys.argv[2]).read().replace(' ', '')
width, height = lib.network_width(network), lib.network_height(network)
for line in sys.stdin:
    cpu, start = time.process_time(), time.perf_counter()
    image = lib.load_image_color(line.strip().encode(), 0, 0)
    sized = lib.resize_image(image, width, height)
    lib.network_predict_ptr(network, sized.data)
    count = c.c_int(0)
    found = lib.get_network_boxes(network, image.w, image.h, THRESHOLD, 0.5, None, 1, c.byref(count), 0)
    classes = found[0].classes if count.value else 0
    if is_greedy:
        lib.diounms_sort(found, count.value, classes, OVERLAP, GREEDY, 0.6)
    else:
        lib.do_nms_sort(found, count.value, classes, OVERLAP)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    rows = []
    for one in found[:count.value]:
        x, y, w, h = (one.bbox.x * image.w, one.bbox.y * image.h, one.bbox.w * image.w, one.bbox.h * image.h)
        rows += [[x - w / 2, y - h / 2, x + w / 2, y + h / 2, one.prob[k], k]
                 for k in range(one.classes) if one.prob[k] > 0]
    lib.free_detections(found, count.value)
    lib.free_image(image)
    lib.free_image(sized)
    print(json.dumps({'seconds': seconds, 'cpu': cpu, 'detections': rows}), file=answers, flush=True)
