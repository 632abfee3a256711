// The operator "mmdetsharp::deform_conv2d", for the plan's steps.
#pragma once
#include <ATen/core/Tensor.h>
#include <c10/util/Optional.h>

namespace mdt {

// input (B, C, H, W), weight (O, C / groups, kh, kw), offset (B, offset groups x taps x 2, H', W'), mask half as
// many channels.
at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                         at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                         const at::Tensor& offset, const c10::optional<at::Tensor>& mask, int64_t groups,
                         int64_t offset_groups);

}  // namespace mdt
