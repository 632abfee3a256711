#include "weights.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include "map.h"

namespace mdt::dense {

Weights::Weights(const at::Tensor& weight, const at::Tensor& bias, at::Tensor scale)
    : weight_(weight.contiguous()), scale_(std::move(scale)) {
    constexpr int64_t WidestGroup = 32;  // of Winograd's kernels
    const int64_t outputs = weight_.size(0);
    bias_ = at::zeros({(outputs + WidestGroup - 1) / WidestGroup * WidestGroup}, at::kFloat);
    if (bias.defined()) bias_.narrow(0, 0, outputs).copy_(bias);
}

const float* Weights::packed(const std::shared_ptr<const onednn::Convolution>& convolution) {
    for (const auto& form : forms_) {
        if (convolution->packs_as(*form.first)) return form.second.data_ptr<float>();
    }
    const at::Tensor source = scale_.defined() ? at::mul(weight_, scale_.view({-1, 1, 1, 1})) : weight_;
    const at::Tensor storage =
        floats(static_cast<int64_t>((convolution->packed_bytes() + sizeof(float) - 1) / sizeof(float)));
    convolution->pack(source.data_ptr<float>(), storage.data_ptr<float>());
    forms_.emplace_back(convolution, storage);
    return storage.data_ptr<float>();
}

const float* Weights::winograd(const winograd::Kernel& kernel) {
    if (!winograd_.defined()) {
        const int64_t outputs = weight_.size(0), inputs = weight_.size(1);
        winograd_ = floats(kernel.packed_floats(inputs, outputs));
        const float* const scale = scale_.defined() ? scale_.data_ptr<float>() : nullptr;
        winograd::pack(kernel, weight_.data_ptr<float>(), scale, inputs, outputs, at::get_num_threads(),
                       winograd_.data_ptr<float>());
    }
    return winograd_.data_ptr<float>();
}

}  // namespace mdt::dense
