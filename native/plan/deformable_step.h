// A deformable convolution: its columns are a blocked map, and a 1x1 convolution of them is the rest.
#pragma once
#include "convolution_step.h"

namespace mdt::plan {

struct Deformation {
    std::array<int64_t, 2> kernel, stride, padding, dilation;
    int64_t groups, offset_groups;
    bool has_mask;
};

// inputs: source, offset, mask where there is one, then the addend where there is one.
class DeformableStep final : public ConvolutionStep {
public:
    DeformableStep(Folded folded, std::shared_ptr<dense::Weights> weights, const dense::ConvolutionOptions& options,
                   const Deformation& deformation)
        : ConvolutionStep(std::move(folded), std::move(weights), options), deformation_(deformation) {}

    // (O, C / groups, kh, kw) as the 1x1 kernel over the columns; undefined where groups are no whole blocks.
    static at::Tensor over_columns(const at::Tensor& weight, int64_t groups);

    std::string name() const override { return "deformable " + ConvolutionStep::name(); }

private:
    bool read_source(Slots& slots, at::Tensor& plain, dense::Map& map) override;
    at::Tensor convolve_plain(Slots& slots) override;
    dense::Map columns(const dense::Map& source, const at::Tensor& offset, const at::Tensor& mask) const;

    Deformation deformation_;
};

}  // namespace mdt::plan
