// Convolutions on blocked maps: batch normalisation, residual sum and activation are one pass over memory with them.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "map.h"
#include "weights.h"

namespace mdt::dense {

using onednn::Activation;
using onednn::ActivationOptions;

struct ConvolutionOptions {
    std::array<int64_t, 2> stride{1, 1}, padding{0, 0}, dilation{1, 1};
    int64_t groups = 1;
    ActivationOptions activation;
    bool has_addend = false;  // added before the activation
    bool is_result = false;   // only the caller of the network reads it
};

// Chooses the kernel for each size of map: Winograd's, or oneDNN's.
class Convolution {
public:
    Convolution(std::shared_ptr<Weights> weights, const ConvolutionOptions& options)
        : weights_(std::move(weights)), options_(options) {}

    // Makes `map`, or `tensor` when it is a result and the kernel can write it without a detour.
    // `addend` is overwritten when `addend_is_free`. False, and nothing done, when no fast kernel takes these sizes.
    bool run(const at::Tensor& plain, const Map& source, const Map& addend, bool addend_is_free, Map& map,
             at::Tensor& tensor);

private:
    onednn::Window window() const;
    Sizes target_sizes(const Sizes& source) const;
    bool suits_winograd(const Sizes& target) const;
    void run_winograd(const Map& source, const Map& addend, bool addend_is_free, Map& target, at::Tensor& tensor);
    const std::shared_ptr<const onednn::Convolution>& prepared(const Sizes& source, bool direct, const Sizes& target);

    using Key = std::array<int64_t, 4>;

    std::shared_ptr<Weights> weights_;
    ConvolutionOptions options_;
    std::map<Key, std::shared_ptr<const onednn::Convolution>> prepared_;  // null where there is no fast kernel
};

}  // namespace mdt::dense
