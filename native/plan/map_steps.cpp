#include "map_steps.h"

#include <ATen/Functions.h>

#include "../dense/layers.h"
#include "activation.h"
#include "operator_steps.h"

namespace mdt::plan {
namespace {

using c10::IValue;
using dense::Map;
using Inputs = std::vector<size_t>;

// Maps are used where one is a map already and all can be.
bool should_be_maps(const Slots& slots, const Inputs& inputs, size_t count) {
    bool any = false, all = true;
    for (size_t i = 0; i < count; ++i) {
        any = any || slots[inputs[i]].is_map();
        all = all && slots[inputs[i]].can_be_map();
    }
    return any && all;
}

// `body` makes the result of the first `map_inputs` inputs as maps, or an undefined map where it does not take them;
// libtorch's operator runs then.
template <typename Body>
class MapStep final : public OperatorStep {
public:
    MapStep(Node* node, size_t map_inputs, Body body) : OperatorStep(node), map_inputs_(map_inputs), body_(body) {}

    void run(Slots& slots) override {
        Map result;
        const bool done = should_be_maps(slots, inputs, map_inputs_) && attempt(*this, [&] {
                              result = body_(slots, inputs);
                              return result.defined();
                          });
        if (done) {
            slots[outputs[0]].set(std::move(result));
        } else {
            OperatorStep::run(slots);
        }
    }

    std::string name() const override { return OperatorStep::name() + " on maps"; }

private:
    size_t map_inputs_;
    Body body_;
};

template <typename Body>
std::unique_ptr<Step> map_step(Node* node, size_t map_inputs, Body body) {
    return std::make_unique<MapStep<Body>>(node, map_inputs, body);
}

// aten::cat over channels: its maps are the elements of a list that is built here, not before.
class ConcatenationStep final : public Step {
public:
    explicit ConcatenationStep(int64_t dimension) : dimension_(dimension) {}

    void run(Slots& slots) override {
        if (should_be_maps(slots, inputs, inputs.size()) && (dimension_ == 1 || dimension_ == -3)) {
            std::vector<Map> maps;
            for (const size_t input : inputs) maps.push_back(slots[input].as_map());
            if (dense::can_concatenate(maps)) {
                slots[outputs[0]].set(dense::concatenate(maps));
                return;
            }
        }
        std::vector<at::Tensor> tensors;
        for (const size_t input : inputs) tensors.push_back(slots[input].as_plain().toTensor());
        slots[outputs[0]].set(at::cat(tensors, dimension_));
    }

    std::string name() const override { return "aten::cat on maps"; }

private:
    int64_t dimension_;
};

std::unique_ptr<Step> concatenation(const Graph& graph, Node* node, std::vector<Value*>& arguments) {
    Node* list = node->input(0)->node();
    if (list->kind() != c10::prim::ListConstruct || !graph.known(node->input(1))) return nullptr;
    arguments.assign(list->inputs().begin(), list->inputs().end());
    return std::make_unique<ConcatenationStep>(graph.constant(node->input(1)).toInt());
}

std::unique_ptr<Step> activation(Node* node, const onednn::ActivationOptions& options) {
    return map_step(
        node, 1, [options](Slots& slots, const Inputs& in) { return dense::activate(slots[in[0]].as_map(), options); });
}

std::unique_ptr<Step> addition(Node* node) {
    return map_step(node, 2, [](Slots& slots, const Inputs& in) {
        const Map &left = slots[in[0]].as_map(), &right = slots[in[1]].as_map();
        return left.sizes == right.sizes ? dense::add(left, right) : Map{};
    });
}

// group_norm(input, groups, weight, bias, eps, cudnn)
std::unique_ptr<Step> group_normalisation(const Graph& graph, Node* node) {
    for (const size_t i : {2, 3}) {
        if (!graph.is_optional_parameter(node->input(i))) return nullptr;
    }
    if (!graph.known(node->input(1)) || !graph.known(node->input(4))) return nullptr;
    const int64_t groups = graph.constant(node->input(1)).toInt();
    const double epsilon = graph.constant(node->input(4)).toDouble();
    const auto contiguous = [&](size_t i) {
        const at::Tensor tensor = graph.parameter(node->input(i));
        return tensor.defined() ? tensor.contiguous() : tensor;
    };
    const at::Tensor weight = contiguous(2), bias = contiguous(3);
    return map_step(node, 1, [=](Slots& slots, const Inputs& in) {
        return dense::group_norm(slots[in[0]].as_map(), groups, weight, bias, epsilon);
    });
}

// max_pool2d(input, kernel, stride, padding, dilation, ceil_mode)
std::unique_ptr<Step> pooling(const Graph& graph, Node* node) {
    for (size_t i = 1; i < 6; ++i) {
        if (!graph.known(node->input(i))) return nullptr;
    }
    const bool has_stride = !graph.constant(node->input(2)).toIntVector().empty();
    const dense::PoolOptions options{{graph.pair_of(node->input(1)), graph.pair_of(node->input(has_stride ? 2 : 1)),
                                      graph.pair_of(node->input(3)), graph.pair_of(node->input(4))},
                                     graph.constant(node->input(5)).toBool()};
    return map_step(
        node, 1, [options](Slots& slots, const Inputs& in) { return dense::max_pool(slots[in[0]].as_map(), options); });
}

// upsample_nearest2d(input, output_size, scales_h, scales_w), or (input, output_size?, scale_factors?)
std::unique_ptr<Step> upsampling(Node* node) {
    const bool vector_form = node->inputs().size() == 3;
    return map_step(node, 1, [vector_form](Slots& slots, const Inputs& in) {
        double scales[2] = {0, 0};
        const IValue& first = slots[in[2]].as_plain();
        if (vector_form && !first.isNone()) {
            const auto given = first.toDoubleVector();
            scales[0] = given[0];
            scales[1] = given[1];
        } else if (!vector_form) {
            const IValue& second = slots[in[3]].as_plain();
            if (!first.isNone()) scales[0] = first.toDouble();
            if (!second.isNone()) scales[1] = second.toDouble();
        }
        const Map& source = slots[in[0]].as_map();
        const IValue& size = slots[in[1]].as_plain();
        if (!size.isNone()) {
            const auto sizes = size.toIntVector();
            return dense::upsample_nearest(source, sizes[0], sizes[1], scales[0], scales[1]);
        }
        const auto scaled = [](int64_t extent, double scale) {
            return static_cast<int64_t>(static_cast<double>(extent) * scale);
        };
        return dense::upsample_nearest(source, scaled(source.sizes.height, scales[0]),
                                       scaled(source.sizes.width, scales[1]), scales[0], scales[1]);
    });
}

}  // namespace

std::unique_ptr<Step> make_map_step(const Graph& graph, Node* node, std::vector<Value*>& arguments) {
    onednn::ActivationOptions options;
    if (read_activation(graph, node, options)) return activation(node, options);
    if (!arguments.empty() && graph.addend(node, arguments[0])) return addition(node);
    if (Graph::is(node, "aten::max_pool2d")) return pooling(graph, node);
    if (Graph::is(node, "aten::group_norm")) return group_normalisation(graph, node);
    if (Graph::is(node, "aten::upsample_nearest2d")) return upsampling(node);
    if (Graph::is(node, "aten::cat")) return concatenation(graph, node, arguments);
    return nullptr;
}

}  // namespace mdt::plan
