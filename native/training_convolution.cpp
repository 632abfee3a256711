// 3x3 convolutions for training, tied to autograd: forward pass and gradient of the input by Winograd's minimal
// filtering, where that is faster than oneDNN's direct convolution; everything else is libtorch's.
#include "border.h"
#ifdef MDT_ONEDNN
#include "dense/convolution.h"
#endif

#include <ATen/Functions.h>
#include <torch/csrc/autograd/custom_function.h>

namespace {

at::Tensor plain(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
    return at::conv2d(input, weight, bias, {1, 1}, {1, 1});
}

#ifdef MDT_ONEDNN

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The weights change at each step and are transformed each time: that must cost less than the products it saves.
constexpr int64_t FewPlaces = 512;
constexpr int64_t FewChannels = 32;

bool suits(const at::Tensor& input, const at::Tensor& weight) {
    return mdt::dense::available() && mdt::dense::accepts(input) && mdt::dense::accepts(weight) &&
           weight.size(0) >= FewChannels && weight.size(1) >= FewChannels && weight.size(1) == input.size(1) &&
           input.size(0) * input.size(2) * input.size(3) >= FewPlaces;
}

at::Tensor fast(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
    mdt::dense::ConvolutionOptions options;
    options.padding = {1, 1};
    mdt::dense::Convolution convolution(std::make_shared<mdt::dense::Weights>(weight, bias, at::Tensor()), options);
    mdt::dense::Map map;
    at::Tensor unused;
    if (!convolution.run(input, {}, {}, false, map, unused)) return plain(input, weight, bias);
    return mdt::dense::to_plain(map);
}

class Convolution3x3 : public torch::autograd::Function<Convolution3x3> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                              const c10::optional<at::Tensor>& bias) {
        context->save_for_backward({input, weight});
        context->saved_data["bias"] = bias.has_value();
        return fast(input, weight, bias.value_or(at::Tensor()));
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &input = saved[0], &weight = saved[1];
        const at::Tensor gradient = gradients[0].contiguous();
        const bool has_bias = context->saved_data["bias"].toBool();
        at::Tensor of_input;
        if (context->needs_input_grad(0)) {
            // The transposed convolution: inputs and outputs change places, the kernel is turned by 180 degrees.
            of_input = fast(gradient, weight.transpose(0, 1).flip({2, 3}), {});
        }
        const std::vector<int64_t> bias_sizes{weight.size(0)};
        const auto others = at::convolution_backward(
            gradient, input, weight, has_bias ? c10::OptionalArrayRef<int64_t>(bias_sizes) : c10::nullopt, {1, 1},
            {1, 1}, {1, 1}, false, {0, 0}, 1,
            {false, context->needs_input_grad(1), has_bias && context->needs_input_grad(2)});
        return {of_input, std::get<1>(others), std::get<2>(others)};
    }
};

#endif

}  // namespace

int32_t mdt_convolution_3x3(mdt_tensor* input, mdt_tensor* weight, mdt_tensor* bias, mdt_tensor** result) {
    *result = nullptr;
    return mdt::guarded([&] {
        const at::Tensor x = mdt::borrow(input), w = mdt::borrow(weight);
        const auto b = bias == nullptr ? c10::optional<at::Tensor>() : mdt::borrow(bias);
#ifdef MDT_ONEDNN
        if (suits(x, w)) {
            *result = mdt::give(Convolution3x3::apply(x, w, b));
            return;
        }
#endif
        *result = mdt::give(plain(x, w, b.value_or(at::Tensor())));
    });
}
