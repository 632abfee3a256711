// Float maps (B, C, H, W) on the CPU in oneDNN's blocked layout: tensors hold the memory, kernels do the work.
#pragma once
#include <ATen/core/Tensor.h>

#include "../kernels/onednn.h"

namespace mdt::dense {

using onednn::Sizes;

// Channels in blocks of 16 (AVX-512) or 8, the innermost index; the channels that round up to a block are zero.
struct Map {
    at::Tensor storage;
    Sizes sizes;

    bool defined() const { return storage.defined(); }
    float* data() const { return storage.data_ptr<float>(); }
    int64_t padded_channels() const;
};

// Whether maps of this kind exist here at all: on a processor with AVX2 or better.
bool available();

at::Tensor floats(int64_t count);
Map empty_map(const Sizes& sizes);

// Whether `tensor` can become a map.
bool accepts(const at::Tensor& tensor);
Sizes sizes_of(const at::Tensor& tensor);
Map from_plain(const at::Tensor& tensor);
at::Tensor to_plain(const Map& map);  // contiguous

}  // namespace mdt::dense
