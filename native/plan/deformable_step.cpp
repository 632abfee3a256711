#include "deformable_step.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include "../deformable_convolution.h"
#include "../kernels/deformable.h"

namespace mdt::plan {

at::Tensor DeformableStep::over_columns(const at::Tensor& weight, int64_t groups) {
    const int64_t unit = onednn::block(), inputs = weight.size(1), taps = weight.size(2) * weight.size(3);
    if (groups > 1 && inputs % unit != 0) return {};
    const int64_t blocks = (inputs + unit - 1) / unit;
    at::Tensor padded = at::zeros({weight.size(0), blocks * unit, taps}, at::kFloat);
    padded.narrow(1, 0, inputs).copy_(weight.flatten(2));
    return padded.view({weight.size(0), blocks, unit, taps}).transpose(2, 3).reshape({weight.size(0), -1, 1, 1});
}

bool DeformableStep::read_source(Slots& slots, at::Tensor& plain, dense::Map& map) {
    if (!slots[inputs[0]].can_be_map()) return false;
    const at::Tensor offset = slots[inputs[1]].as_plain().toTensor().contiguous();
    const at::Tensor mask = deformation_.has_mask ? slots[inputs[2]].as_plain().toTensor().contiguous() : at::Tensor();
    const dense::Map& source = slots[inputs[0]].as_map();
    const auto& d = deformation_;
    const int64_t planes = d.offset_groups * d.kernel[0] * d.kernel[1];
    const bool fits =
        dense::accepts(offset) && offset.size(0) == source.sizes.batch && offset.size(1) == 2 * planes &&
        source.sizes.channels == weight().size(1) * d.groups &&
        (!d.has_mask || (dense::accepts(mask) && mask.size(1) == planes && mask.size(0) == offset.size(0) &&
                         mask.sizes().slice(2) == offset.sizes().slice(2)));
    if (!fits) return false;
    for (size_t i = 0; i < 2; ++i) {
        const int64_t size = i == 0 ? source.sizes.height : source.sizes.width;
        const int64_t room = size + 2 * d.padding[i] - d.dilation[i] * (d.kernel[i] - 1) - 1;
        if (room < 0 || room / d.stride[i] + 1 != offset.size(static_cast<int64_t>(i) + 2)) return false;
    }
    map = columns(source, offset, mask);
    return true;
}

dense::Map DeformableStep::columns(const dense::Map& source, const at::Tensor& offset, const at::Tensor& mask) const {
    const auto& d = deformation_;
    const dense::Sizes& s = source.sizes;
    const int64_t unit = onednn::block(), taps = d.kernel[0] * d.kernel[1], height = offset.size(2);
    const int64_t places = height * offset.size(3), channels = source.padded_channels() * taps;
    const dense::Map result = dense::empty_map({s.batch, channels, height, offset.size(3)});
    deformable::Problem problem{{s.channels, s.height, s.width, height, offset.size(3), d.kernel, d.stride, d.padding,
                                 d.dilation, d.offset_groups},
                                {unit, s.height * s.width * unit, unit, taps * places * unit, places * unit, unit},
                                0,
                                height,
                                nullptr,
                                nullptr};
    for (int64_t image = 0; image < s.batch; ++image) {
        problem.offset = offset[image].data_ptr<float>();
        if (d.has_mask) problem.mask = mask[image].data_ptr<float>();
        deformable::columns(problem, at::get_num_threads(),
                            source.data() + image * source.padded_channels() * s.height * s.width,
                            result.data() + image * channels * places);
    }
    return result;
}

at::Tensor DeformableStep::convolve_plain(Slots& slots) {
    const auto& d = deformation_;
    const auto mask = d.has_mask ? c10::optional<at::Tensor>(slots[inputs[2]].as_plain().toTensor()) : c10::nullopt;
    return deform_conv2d(slots[inputs[0]].as_plain().toTensor(), weight(), c10::nullopt, d.stride, d.padding,
                         d.dilation, slots[inputs[1]].as_plain().toTensor(), mask, d.groups, d.offset_groups);
}

}  // namespace mdt::plan
