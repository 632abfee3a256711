#include "graph.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/lower_tuples.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>
#include <set>

namespace mdt::plan {
namespace {

bool in_place(const Node* node) {
    const auto* schema = node->maybeSchema();
    return schema && schema->is_mutable();
}

// Operators whose result shares no memory with their arguments.
bool is_fresh(const std::string& pure_name) {
    static const std::set<std::string> names = {"aten::_convolution", "aten::batch_norm", "aten::add",
                                                "aten::relu",         "aten::leaky_relu", "aten::silu",
                                                "aten::sigmoid",      "aten::max_pool2d", "aten::cat",
                                                "aten::hardswish",    "aten::mish",       "aten::upsample_nearest2d",
                                                "aten::elu",          "aten::hardtanh",   "aten::mul",
                                                "aten::sub",          "aten::group_norm", "mmdetsharp::deform_conv2d"};
    return names.count(pure_name) != 0;
}

bool is_tensor(const Value* value) { return value->type()->isSubtypeOf(*c10::TensorType::get()); }

}  // namespace

Graph::Graph(const torch::jit::Module& module) : graph_(module.get_method("forward").graph()->copy()) {
    torch::jit::Inline(*graph_);
    torch::jit::LowerSimpleTuples(graph_);
    torch::jit::EliminateDeadCode(graph_);
    known_[graph_->inputs()[0]] = module._ivalue();
    for (Node* node : graph_->nodes()) {
        place_[node] = nodes_.size();
        nodes_.push_back(node);
    }
    for (Node* node : nodes_) fold(node);
}

std::vector<Value*> Graph::inputs() const {
    const auto all = graph_->inputs();
    return {all.begin() + 1, all.end()};
}

std::vector<Value*> Graph::outputs() const {
    const auto all = graph_->outputs();
    return {all.begin(), all.end()};
}

bool Graph::all_known(Node* node) const {
    return std::all_of(node->inputs().begin(), node->inputs().end(), [&](Value* v) { return known(v); });
}

void Graph::fold(Node* node) {
    TORCH_CHECK(node->blocks().empty(), "Plan: control flow is not supported");
    if (is(node, "prim::Constant")) {
        known_[node->output()] = *torch::jit::toIValue(node->output());
    } else if (is(node, "prim::GetAttr")) {
        TORCH_CHECK(known(node->input()), "Plan: an attribute of an unknown object");
        known_[node->output()] = constant(node->input()).toObjectRef().getAttr(node->s(c10::attr::name));
    } else if (is(node, "prim::ListConstruct") && all_known(node)) {
        c10::impl::GenericList list(node->output()->type()->expect<c10::ListType>()->getElementType());
        for (Value* input : node->inputs()) list.push_back(constant(input));
        known_[node->output()] = c10::IValue(std::move(list));
    } else if ((is(node, "aten::Int") || is(node, "prim::NumToTensor")) && all_known(node)) {
        torch::jit::Stack stack{constant(node->input())};
        node->getOperation()(stack);
        known_[node->output()] = stack.back();
    } else {
        return;
    }
    folded_.insert(node);
}

bool Graph::is_float_parameter(Value* value) const {
    if (!known(value) || !constant(value).isTensor()) return false;
    const at::Tensor tensor = constant(value).toTensor();
    return tensor.defined() && tensor.scalar_type() == at::kFloat && tensor.device().is_cpu();
}

at::Tensor Graph::parameter(Value* value) const {
    return is_none(value) ? at::Tensor() : constant(value).toTensor().detach();
}

std::array<int64_t, 2> Graph::pair_of(Value* value) const {
    const auto given = constant(value).toIntVector();
    TORCH_CHECK(given.size() == 1 || given.size() == 2, "Plan: one or two numbers must stand here, got ", given.size());
    return {given.front(), given.back()};
}

std::string Graph::pure_name(const Node* node) {
    std::string name = node->kind().toQualString();
    if (name.size() > 1 && name.back() == '_' && name[name.size() - 2] != '_') name.pop_back();
    return name;
}

bool Graph::may_be_pure(Node* node) const {
    if (!in_place(node)) return true;
    Value* written = node->input(0);
    if (!is_fresh(pure_name(written->node()))) return false;
    if (in_place(written->node()) && !may_be_pure(written->node())) return false;
    for (const auto& use : written->uses()) {
        if (use.user == node) continue;
        const bool reads = is_fresh(pure_name(use.user)) && use.user->kind() != c10::prim::Return;
        if (!reads || place_.at(use.user) > place_.at(node)) return false;
    }
    return true;
}

bool Graph::can_wait(Node* from, Node* to) const {
    for (size_t i = place_.at(from) + 1; i < place_.at(to); ++i) {
        if (in_place(nodes_[i]) && !may_be_pure(nodes_[i])) return false;
    }
    return true;
}

Value* Graph::addend(Node* node, Value* value) const {
    if (pure_name(node) != "aten::add" || !may_be_pure(node) || node->inputs().size() != 3) return nullptr;
    Value* other = node->input(0) == value ? node->input(1) : node->input(0);
    if (other == value || known(other) || !known(node->input(2))) return nullptr;
    const bool tensors = is_tensor(node->input(0)) && is_tensor(node->input(1));
    return tensors && constant(node->input(2)).toScalar().toDouble() == 1 ? other : nullptr;
}

bool Graph::is_result_only(Value* value) const {
    return std::all_of(value->uses().begin(), value->uses().end(), [&](const auto& use) {
        if (use.user->kind() == c10::prim::Return) return true;
        return use.user->kind() == c10::prim::TupleConstruct && is_result_only(use.user->output());
    });
}

}  // namespace mdt::plan
