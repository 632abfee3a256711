// What the traced graph says: which values are known before it runs, and which in-place operators may give a new
// tensor.
#pragma once
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mdt::plan {

using torch::jit::Node;
using torch::jit::Value;

class Graph {
public:
    // The method `forward`, inlined. Throws where it holds control flow.
    explicit Graph(const torch::jit::Module& module);

    const std::vector<Node*>& nodes() const { return nodes_; }
    std::vector<Value*> inputs() const;
    std::vector<Value*> outputs() const;

    // Parameters, constants, and lists and numbers made of them.
    bool known(Value* value) const { return known_.count(value) != 0; }
    const c10::IValue& constant(Value* value) const { return known_.at(value); }
    bool is_folded(Node* node) const { return folded_.count(node) != 0; }

    bool is_none(Value* value) const { return known(value) && constant(value).isNone(); }
    bool is_float_parameter(Value* value) const;
    bool is_optional_parameter(Value* value) const { return is_none(value) || is_float_parameter(value); }
    at::Tensor parameter(Value* value) const;  // undefined for None
    std::array<int64_t, 2> pair_of(Value* value) const;

    static bool is(const Node* node, const char* name) { return name == std::string(node->kind().toQualString()); }
    // The name without the mark of an in-place operator.
    static std::string pure_name(const Node* node);

    // Whether an in-place operator may give a new tensor instead: its argument is fresh, and nobody reads it
    // afterwards. True for all that write nothing.
    bool may_be_pure(Node* node) const;

    // No operator that writes in place, and has to, lies between.
    bool can_wait(Node* from, Node* to) const;
    bool is_here(Node* node) const { return place_.count(node) != 0; }

    // add(a, b, 1) of two tensors: the other one than `value`, or null.
    Value* addend(Node* node, Value* value) const;

    // Read by nobody but the caller of the network.
    bool is_result_only(Value* value) const;

private:
    void fold(Node* node);
    bool all_known(Node* node) const;

    std::shared_ptr<torch::jit::Graph> graph_;
    std::vector<Node*> nodes_;
    std::unordered_map<const Node*, size_t> place_;
    std::unordered_map<Value*, c10::IValue> known_;
    std::unordered_set<const Node*> folded_;
};

}  // namespace mdt::plan
