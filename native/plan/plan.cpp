#include "plan.h"

#include <ATen/core/grad_mode.h>

#include <mutex>
#include <sstream>

#include "../results.h"
#include "builder.h"

namespace mdt::plan {

struct Plan::State {
    std::mutex mutex;
    std::vector<std::unique_ptr<Step>> steps;
    std::vector<size_t> inputs, outputs;
    Slots initial;
};

Plan::Plan(const torch::jit::Module& module) : state_(std::make_unique<State>()) {
    const at::NoGradGuard guard;
    Builder builder(module);
    builder.build();
    state_->steps = std::move(builder.steps);
    state_->inputs = std::move(builder.inputs);
    state_->outputs = std::move(builder.outputs);
    state_->initial = std::move(builder.initial);
}

Plan::~Plan() = default;

std::vector<at::Tensor> Plan::run(const std::vector<at::Tensor>& inputs) {
    TORCH_CHECK(inputs.size() == state_->inputs.size(), "run: the network takes ", state_->inputs.size(),
                " tensors, got ", inputs.size());
    const at::NoGradGuard guard;
    const std::lock_guard<std::mutex> lock(state_->mutex);
    Slots slots = state_->initial;
    for (size_t i = 0; i < inputs.size(); ++i) slots[state_->inputs[i]].set(c10::IValue(inputs[i]));
    for (const auto& step : state_->steps) {
        step->run(slots);
        for (const size_t index : step->last_uses) slots[index] = {};
    }
    std::vector<at::Tensor> results;
    for (const size_t output : state_->outputs) flatten(slots[output].as_plain(), results);
    return results;
}

std::string Plan::describe() const {
    std::ostringstream text;
    for (const auto& step : state_->steps) text << step->name() << '\n';
    return text.str();
}

}  // namespace mdt::plan
