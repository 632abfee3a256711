// The layers beside convolutions that run on blocked maps without leaving them.
#pragma once
#include <vector>

#include "map.h"

namespace mdt::dense {

struct PoolOptions {
    onednn::Window window;
    bool ceil_mode = false;
};

Map max_pool(const Map& source, const PoolOptions& options);
// `weight` and `bias` (channels) may be undefined.
Map group_norm(const Map& source, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double epsilon);
Map activate(const Map& source, const onednn::ActivationOptions& options);
Map add(const Map& left, const Map& right);  // of one shape
bool can_concatenate(const std::vector<Map>& maps);
Map concatenate(const std::vector<Map>& maps);  // channels

// PyTorch's "nearest"; a scale <= 0 stands for the ratio of the sizes.
Map upsample_nearest(const Map& source, int64_t height, int64_t width, double scale_height, double scale_width);

}  // namespace mdt::dense
