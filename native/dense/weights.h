// The weights of a convolution in every form that a kernel asked for.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>
#include <utility>
#include <vector>

#include "../kernels/onednn.h"
#include "../kernels/winograd.h"

namespace mdt::dense {

// y = conv(x, weight) * scale + bias. Shared by all convolutions with the same parameters.
class Weights {
public:
    // `bias` and `scale` (outputs) may be undefined.
    Weights(const at::Tensor& weight, const at::Tensor& bias, at::Tensor scale);

    const at::Tensor& plain() const { return weight_; }
    // Rounded up to whole blocks, so that kernels may read past the last channel.
    const float* bias() const { return bias_.data_ptr<float>(); }

    const float* packed(const std::shared_ptr<const onednn::Convolution>& convolution);
    const float* winograd(const winograd::Kernel& kernel);

private:
    at::Tensor weight_, bias_, scale_, winograd_;
    std::vector<std::pair<std::shared_ptr<const onednn::Convolution>, at::Tensor>> forms_;
};

}  // namespace mdt::dense
