// Convolutions, deformable ones too, take in the batch normalisation, sum and activation that follow them.
#pragma once
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "deformable_step.h"
#include "graph.h"

namespace mdt::plan {

struct FusedConvolution {
    std::unique_ptr<ConvolutionStep> step;
    std::vector<Node*> taken;       // the convolution first; the step stands in the place of the last
    std::vector<Value*> arguments;  // as the step reads them
};

class Fusion {
public:
    explicit Fusion(const Graph& graph) : graph_(graph) {}

    static bool is_convolution(const Node* node) {
        return Graph::is(node, "aten::_convolution") || is_deformable(node);
    }

    // The step of the convolution `first` and what follows; no step where it stays libtorch's operator. `is_done` tells
    // which nodes belong to other steps.
    template <typename IsDone>
    FusedConvolution fuse(Node* first, const IsDone& is_done);

private:
    static bool is_deformable(const Node* node) { return Graph::is(node, "mmdetsharp::deform_conv2d"); }

    struct Chain {
        Folded folded;
        dense::ConvolutionOptions options;
        Node* normalisation = nullptr;
        Value* sum = nullptr;
        Deformation deformation;
    };

    bool read_convolution(Node* node, Chain& chain) const;
    bool take(Node* next, Value* value, Chain& chain) const;
    bool fold_normalisation(Node* node, Folded& folded) const;
    bool read_deformation(Node* node, Chain& chain) const;
    FusedConvolution finish(Chain chain, std::vector<Node*> taken);
    const void* identity(Value* value) const;

    using WeightKey = std::tuple<const void*, const void*, const void*, bool>;

    const Graph& graph_;
    std::map<WeightKey, std::shared_ptr<dense::Weights>> weights_;
};

template <typename IsDone>
FusedConvolution Fusion::fuse(Node* first, const IsDone& is_done) {
    Chain chain;
    if (!read_convolution(first, chain)) return {};
    std::vector<Node*> taken{first};
    while (taken.back()->output()->uses().size() == 1 && chain.options.activation.kind == dense::Activation::None) {
        Node* next = taken.back()->output()->uses()[0].user;
        if (!graph_.is_here(next) || is_done(next) || !graph_.can_wait(first, next)) break;
        if (!take(next, taken.back()->output(), chain)) break;
        taken.push_back(next);
    }
    return finish(std::move(chain), std::move(taken));
}

}  // namespace mdt::plan
