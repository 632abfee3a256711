// A convolution with what follows it: batch normalisation, sum, activation.
#pragma once
#include <memory>

#include "../dense/convolution.h"
#include "step.h"

namespace mdt::plan {

struct Folded {
    at::Tensor weight, bias, scale;  // y = conv(x, weight) * scale + bias; bias and scale may be undefined
};

// inputs: the source, then the addend where there is one.
class ConvolutionStep : public Step {
public:
    ConvolutionStep(Folded folded, std::shared_ptr<dense::Weights> weights, const dense::ConvolutionOptions& options)
        : folded_(std::move(folded)), options_(options), fast_(std::move(weights), options) {}

    void run(Slots& slots) override;
    std::string name() const override;

protected:
    const at::Tensor& weight() const { return folded_.weight; }
    // The source of the fast kernels: a plain tensor, or a map; false where they do not take it.
    virtual bool read_source(Slots& slots, at::Tensor& plain, dense::Map& map);
    // By libtorch's operator, without what is folded in.
    virtual at::Tensor convolve_plain(Slots& slots);

private:
    bool run_fast(Slots& slots);
    void run_plain(Slots& slots);

    Folded folded_;
    dense::ConvolutionOptions options_;
    dense::Convolution fast_;
};

}  // namespace mdt::plan
