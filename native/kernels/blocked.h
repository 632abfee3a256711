// Kernels of our own on blocked maps: channels in blocks of `unit`, the innermost index; the channels that round up to
// a block are zero, and stay so. Plain functions on raw memory, without a libtorch header.
#pragma once
#include <cstdint>

namespace mdt::blocked {

struct Shape {
    int64_t batch, channels, height, width;
    int64_t unit;

    int64_t blocks() const { return (channels + unit - 1) / unit; }
};

// Wu and He, "Group Normalization", arXiv 1803.08494. `weight` and `bias` (channels) may be null.
void group_norm(const Shape& shape, int64_t groups, const float* weight, const float* bias, double epsilon, int threads,
                const float* source, float* target);

// PyTorch's "nearest", from `shape` to height x width; a scale <= 0 stands for the ratio of the sizes.
void upsample_nearest(const Shape& shape, int64_t height, int64_t width, double scale_height, double scale_width,
                      int threads, const float* source, float* target);

}  // namespace mdt::blocked
