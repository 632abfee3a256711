// From the graph to steps.
#pragma once
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "fusion.h"
#include "graph.h"
#include "step.h"

namespace mdt::plan {

class Builder {
public:
    explicit Builder(const torch::jit::Module& module) : graph_(module) {}

    void build();

    std::vector<std::unique_ptr<Step>> steps;
    std::vector<size_t> inputs, outputs;
    Slots initial;  // constants

private:
    void fuse_convolutions();
    size_t slot(Value* value);
    void emit(Node* node);
    std::unique_ptr<Step> make_step(Node* node, std::vector<Value*>& arguments) const;
    void note_last_uses();

    Graph graph_;
    std::unordered_map<Value*, size_t> slots_;
    std::unordered_set<Node*> taken_;                         // by a convolution
    std::unordered_map<Node*, std::unique_ptr<Step>> fused_;  // in the place of these nodes
};

}  // namespace mdt::plan
