#include "layers.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include "../kernels/blocked.h"

namespace mdt::dense {
namespace {

blocked::Shape shape_of(const Map& map) {
    return {map.sizes.batch, map.sizes.channels, map.sizes.height, map.sizes.width, onednn::block()};
}

const float* data_of(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

}  // namespace

Map max_pool(const Map& source, const PoolOptions& options) {
    const auto& w = options.window;
    const auto extent = [&](size_t axis, int64_t size) {
        const int64_t reach = w.dilation[axis] * (w.kernel[axis] - 1) + 1;
        const int64_t span = size + 2 * w.padding[axis] - reach + (options.ceil_mode ? w.stride[axis] - 1 : 0);
        int64_t count = span / w.stride[axis] + 1;
        // As PyTorch: the last window starts inside of the map or its left padding.
        if (options.ceil_mode && (count - 1) * w.stride[axis] >= size + w.padding[axis]) --count;
        return count;
    };
    const Sizes& s = source.sizes;
    const Map target = empty_map({s.batch, s.channels, extent(0, s.height), extent(1, s.width)});
    onednn::max_pool(s, target.sizes, w, source.data(), target.data());
    return target;
}

Map group_norm(const Map& source, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double epsilon) {
    const Map target = empty_map(source.sizes);
    blocked::group_norm(shape_of(source), groups, data_of(weight), data_of(bias), epsilon, at::get_num_threads(),
                        source.data(), target.data());
    return target;
}

Map activate(const Map& source, const onednn::ActivationOptions& options) {
    const Map target = empty_map(source.sizes);
    onednn::activate(source.sizes, options, source.data(), target.data());
    return target;
}

Map add(const Map& left, const Map& right) { return {at::add(left.storage, right.storage), left.sizes}; }

bool can_concatenate(const std::vector<Map>& maps) {
    for (const Map& map : maps) {
        const Sizes &a = map.sizes, &b = maps.front().sizes;
        const bool fits = a.batch == b.batch && a.height == b.height && a.width == b.width;
        if (!fits || (&map != &maps.back() && a.channels % onednn::block() != 0)) return false;
    }
    return !maps.empty();
}

Map concatenate(const std::vector<Map>& maps) {
    Sizes sizes = maps.front().sizes;
    sizes.channels = 0;
    std::vector<at::Tensor> parts;
    for (const Map& map : maps) {
        parts.push_back(map.storage.view({sizes.batch, -1}));
        sizes.channels += map.sizes.channels;
    }
    return {at::cat(parts, 1).view({-1}), sizes};
}

Map upsample_nearest(const Map& source, int64_t height, int64_t width, double scale_height, double scale_width) {
    const Map target = empty_map({source.sizes.batch, source.sizes.channels, height, width});
    blocked::upsample_nearest(shape_of(source), height, width, scale_height, scale_width, at::get_num_threads(),
                              source.data(), target.data());
    return target;
}

}  // namespace mdt::dense
