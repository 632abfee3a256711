#include "map.h"

#include <ATen/Functions.h>

#include "../kernels/winograd.h"

namespace mdt::dense {
namespace {

int64_t padded(int64_t channels) {
    const int64_t unit = onednn::block();
    return (channels + unit - 1) / unit * unit;
}

}  // namespace

int64_t Map::padded_channels() const { return padded(sizes.channels); }

bool available() { return winograd::kernel() != nullptr; }

at::Tensor floats(int64_t count) { return at::empty({count}, at::kFloat); }

Map empty_map(const Sizes& sizes) {
    return {floats(sizes.batch * padded(sizes.channels) * sizes.height * sizes.width), sizes};
}

bool accepts(const at::Tensor& tensor) {
    return tensor.defined() && tensor.dim() == 4 && tensor.scalar_type() == at::kFloat && tensor.device().is_cpu() &&
           tensor.layout() == at::kStrided && tensor.numel() > 0;
}

Sizes sizes_of(const at::Tensor& tensor) { return {tensor.size(0), tensor.size(1), tensor.size(2), tensor.size(3)}; }

Map from_plain(const at::Tensor& tensor) {
    const bool last = tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor source = last ? tensor : tensor.contiguous();
    const Map map = empty_map(sizes_of(source));
    onednn::reorder(map.sizes, last ? onednn::Layout::ChannelsLast : onednn::Layout::Planes, source.data_ptr<float>(),
                    onednn::Layout::Blocked, map.data());
    return map;
}

at::Tensor to_plain(const Map& map) {
    const Sizes& s = map.sizes;
    at::Tensor result = at::empty({s.batch, s.channels, s.height, s.width}, at::kFloat);
    onednn::reorder(s, onednn::Layout::Blocked, map.data(), onednn::Layout::Planes, result.data_ptr<float>());
    return result;
}

}  // namespace mdt::dense
