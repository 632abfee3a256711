#include "fusion.h"

#include <ATen/Functions.h>

#include "activation.h"

namespace mdt::plan {

// _convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...)
bool Fusion::read_convolution(Node* node, Chain& chain) const {
    if (is_deformable(node)) return read_deformation(node, chain);
    if (!graph_.is_float_parameter(node->input(1)) || !graph_.is_optional_parameter(node->input(2))) return false;
    for (size_t i = 3; i < 9; ++i) {
        if (!graph_.known(node->input(i))) return false;
    }
    chain.folded.weight = graph_.parameter(node->input(1));
    chain.folded.bias = graph_.parameter(node->input(2));
    if (chain.folded.weight.dim() != 4 || graph_.constant(node->input(6)).toBool()) return false;
    chain.options.stride = graph_.pair_of(node->input(3));
    chain.options.padding = graph_.pair_of(node->input(4));
    chain.options.dilation = graph_.pair_of(node->input(5));
    chain.options.groups = graph_.constant(node->input(8)).toInt();
    return true;
}

// deform_conv2d(input, weight, bias, stride, padding, dilation, offset, mask, groups, offset_groups)
bool Fusion::read_deformation(Node* node, Chain& chain) const {
    if (!graph_.is_float_parameter(node->input(1)) || !graph_.is_optional_parameter(node->input(2))) return false;
    for (const size_t i : {3, 4, 5, 8, 9}) {
        if (!graph_.known(node->input(i))) return false;
    }
    chain.folded.weight = graph_.parameter(node->input(1));
    chain.folded.bias = graph_.parameter(node->input(2));
    const at::Tensor& weight = chain.folded.weight;
    chain.options.groups = graph_.constant(node->input(8)).toInt();
    if (weight.dim() != 4 || !DeformableStep::over_columns(weight, chain.options.groups).defined()) return false;
    chain.deformation = {
        {weight.size(2), weight.size(3)}, graph_.pair_of(node->input(3)), graph_.pair_of(node->input(4)),
        graph_.pair_of(node->input(5)),   chain.options.groups,           graph_.constant(node->input(9)).toInt(),
        !graph_.is_none(node->input(7))};
    return true;
}

// Whether `next`, which alone reads `value`, becomes part of the convolution.
bool Fusion::take(Node* next, Value* value, Chain& chain) const {
    if (!chain.sum && !chain.normalisation && fold_normalisation(next, chain.folded)) {
        chain.normalisation = next;
        return true;
    }
    if (Value* other = chain.sum ? nullptr : graph_.addend(next, value)) {
        chain.sum = other;
        return true;
    }
    dense::ActivationOptions activation;
    if (!graph_.may_be_pure(next) || !read_activation(graph_, next, activation)) return false;
    chain.options.activation = activation;
    return true;
}

// batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn)
bool Fusion::fold_normalisation(Node* node, Folded& folded) const {
    if (!Graph::is(node, "aten::batch_norm") || !graph_.known(node->input(5))) return false;
    if (graph_.constant(node->input(5)).toBool()) return false;
    if (!graph_.is_float_parameter(node->input(3)) || !graph_.is_float_parameter(node->input(4))) return false;
    for (const size_t i : {1, 2}) {
        if (!graph_.is_optional_parameter(node->input(i))) return false;
    }
    const at::Tensor gamma = graph_.parameter(node->input(1)), beta = graph_.parameter(node->input(2));
    const double epsilon = graph_.constant(node->input(7)).toDouble();
    at::Tensor scale = at::rsqrt(at::add(graph_.parameter(node->input(4)), epsilon));
    if (gamma.defined()) scale = at::mul(scale, gamma);
    at::Tensor shift = at::neg(graph_.parameter(node->input(3)));
    if (folded.bias.defined()) shift = at::add(shift, folded.bias);
    shift = at::mul(shift, scale);
    folded.bias = beta.defined() ? at::add(shift, beta) : shift;
    folded.scale = scale;
    return true;
}

FusedConvolution Fusion::finish(Chain chain, std::vector<Node*> taken) {
    Node* first = taken.front();
    chain.options.has_addend = chain.sum != nullptr;
    chain.options.is_result = graph_.is_result_only(taken.back()->output());
    auto& weights =
        weights_[{identity(first->input(1)), identity(first->input(2)),
                  chain.normalisation ? identity(chain.normalisation->input(3)) : nullptr, is_deformable(first)}];
    const Folded& folded = chain.folded;
    FusedConvolution result;
    result.arguments.push_back(first->input(0));
    if (is_deformable(first)) {
        const at::Tensor flat = DeformableStep::over_columns(folded.weight, chain.options.groups);
        if (!weights) weights = std::make_shared<dense::Weights>(flat, folded.bias, folded.scale);
        result.step = std::make_unique<DeformableStep>(folded, weights, chain.options, chain.deformation);
        result.arguments.push_back(first->input(6));
        if (chain.deformation.has_mask) result.arguments.push_back(first->input(7));
    } else {
        if (!weights) weights = std::make_shared<dense::Weights>(folded.weight, folded.bias, folded.scale);
        result.step = std::make_unique<ConvolutionStep>(folded, weights, chain.options);
    }
    result.taken = std::move(taken);
    if (chain.sum) result.arguments.push_back(chain.sum);
    return result;
}

const void* Fusion::identity(Value* value) const {
    return graph_.is_none(value) ? nullptr : graph_.constant(value).toTensor().unsafeGetTensorImpl();
}

}  // namespace mdt::plan
