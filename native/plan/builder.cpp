#include "builder.h"

#include <set>

#include "map_steps.h"
#include "operator_steps.h"

namespace mdt::plan {

void Builder::build() {
    fuse_convolutions();
    for (Value* input : graph_.inputs()) inputs.push_back(slot(input));
    for (Node* node : graph_.nodes()) {
        const auto fused = fused_.find(node);
        if (fused != fused_.end()) {
            steps.push_back(std::move(fused->second));
        } else if (!graph_.is_folded(node) && !taken_.count(node)) {
            emit(node);
        }
    }
    for (Value* output : graph_.outputs()) outputs.push_back(slot(output));
    note_last_uses();
}

void Builder::fuse_convolutions() {
    Fusion fusion(graph_);
    const auto is_done = [&](Node* node) { return graph_.is_folded(node) || taken_.count(node) != 0; };
    for (Node* node : graph_.nodes()) {
        if (!Fusion::is_convolution(node)) continue;
        FusedConvolution fused = fusion.fuse(node, is_done);
        if (!fused.step) continue;
        Node* last = fused.taken.back();
        for (Value* argument : fused.arguments) fused.step->inputs.push_back(slot(argument));
        fused.step->outputs.push_back(slot(last->output()));
        taken_.insert(fused.taken.begin(), fused.taken.end());
        fused_[last] = std::move(fused.step);
    }
}

size_t Builder::slot(Value* value) {
    const auto found = slots_.find(value);
    if (found != slots_.end()) return found->second;
    const size_t index = initial.size();
    initial.emplace_back();
    if (graph_.known(value)) initial.back().set(graph_.constant(value));
    slots_[value] = index;
    return index;
}

void Builder::emit(Node* node) {
    std::vector<Value*> arguments(node->inputs().begin(), node->inputs().end());
    std::unique_ptr<Step> step = make_step(node, arguments);
    for (Value* argument : arguments) step->inputs.push_back(slot(argument));
    for (Value* output : node->outputs()) step->outputs.push_back(slot(output));
    steps.push_back(std::move(step));
}

std::unique_ptr<Step> Builder::make_step(Node* node, std::vector<Value*>& arguments) const {
    if (Graph::is(node, "prim::TupleConstruct")) return std::make_unique<TupleStep>();
    if (Graph::is(node, "prim::TupleUnpack") || Graph::is(node, "prim::ListUnpack")) {
        return std::make_unique<UnpackStep>();
    }
    if (Graph::is(node, "prim::ListConstruct")) return std::make_unique<ListStep>(node);
    if (Graph::is(node, "aten::size") && arguments.size() == 2 && graph_.known(arguments[1])) {
        return std::make_unique<SizeStep>(node, graph_.constant(arguments[1]).toInt());
    }
    if (graph_.may_be_pure(node)) {
        if (auto step = make_map_step(graph_, node, arguments)) return step;
    }
    return std::make_unique<OperatorStep>(node);
}

void Builder::note_last_uses() {
    std::set<size_t> needed(outputs.begin(), outputs.end());
    for (size_t i = 0; i < initial.size(); ++i) {
        if (initial[i].has_plain) needed.insert(i);
    }
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        for (const auto* slots : {&(*step)->inputs, &(*step)->outputs}) {
            for (const size_t index : *slots) {
                if (needed.insert(index).second) (*step)->last_uses.push_back(index);
            }
        }
    }
}

}  // namespace mdt::plan
