#include "activation.h"

#include <ATen/Functions.h>

#include <map>

namespace mdt::plan {

using onednn::Activation;

bool read_activation(const Graph& graph, Node* node, onednn::ActivationOptions& options) {
    static const std::map<std::string, Activation> kinds = {{"aten::relu", Activation::Relu},
                                                            {"aten::leaky_relu", Activation::LeakyRelu},
                                                            {"aten::sigmoid", Activation::Sigmoid},
                                                            {"aten::silu", Activation::Silu},
                                                            {"aten::hardswish", Activation::HardSwish},
                                                            {"aten::mish", Activation::Mish},
                                                            {"aten::elu", Activation::Elu},
                                                            {"aten::hardtanh", Activation::Clip}};
    const auto found = kinds.find(Graph::pure_name(node));
    if (found == kinds.end()) return false;
    options.kind = found->second;
    const auto number = [&](size_t index, float& result) {
        if (!graph.known(node->input(index))) return false;
        result = graph.constant(node->input(index)).toScalar().toFloat();
        return true;
    };
    switch (options.kind) {
        case Activation::LeakyRelu: return number(1, options.alpha);
        case Activation::Clip: return number(1, options.alpha) && number(2, options.beta);
        case Activation::Elu: {
            float scale = 0, input_scale = 0;
            return number(1, options.alpha) && number(2, scale) && number(3, input_scale) && scale == 1 &&
                   input_scale == 1;
        }
        default: return true;
    }
}

at::Tensor activate(const at::Tensor& x, const onednn::ActivationOptions& options) {
    switch (options.kind) {
        case Activation::None: return x;
        case Activation::Relu: return at::relu(x);
        case Activation::LeakyRelu: return at::leaky_relu(x, options.alpha);
        case Activation::Sigmoid: return at::sigmoid(x);
        case Activation::Silu: return at::silu(x);
        case Activation::HardSwish: return at::hardswish(x);
        case Activation::Mish: return at::mish(x);
        case Activation::Elu: return at::elu(x, options.alpha);
        case Activation::Clip: return at::clamp(x, options.alpha, options.beta);
    }
    return x;
}

}  // namespace mdt::plan
