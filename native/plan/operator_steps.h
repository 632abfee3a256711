// Steps on libtorch's values: operators, lists and tuples.
#pragma once
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/operator.h>

#include "step.h"

namespace mdt::plan {

using torch::jit::Node;

// An operator of libtorch, called as the interpreter would.
class OperatorStep : public Step {
public:
    explicit OperatorStep(Node* node);
    void run(Slots& slots) override;
    std::string name() const override { return name_; }

private:
    torch::jit::Operation operation_;
    std::string name_;
    bool mutates_;
};

class ListStep final : public Step {
public:
    explicit ListStep(Node* node);
    void run(Slots& slots) override;
    std::string name() const override { return "list"; }

private:
    c10::TypePtr type_;
};

class TupleStep final : public Step {
public:
    void run(Slots& slots) override;
    std::string name() const override { return "tuple"; }
};

class UnpackStep final : public Step {
public:
    void run(Slots& slots) override;
    std::string name() const override { return "unpack"; }
};

// aten::size(tensor, dimension): known without leaving the blocked layout.
class SizeStep final : public OperatorStep {
public:
    SizeStep(Node* node, int64_t dimension) : OperatorStep(node), dimension_(dimension) {}
    void run(Slots& slots) override;

private:
    int64_t dimension_;
};

}  // namespace mdt::plan
