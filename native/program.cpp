#include "program.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>

#include "notice.h"
#include "results.h"

namespace {

bool all_on_cpu(const std::vector<at::Tensor>& tensors) {
    return std::all_of(tensors.begin(), tensors.end(), [](const at::Tensor& t) { return t.device().is_cpu(); });
}

// libtorch's executor watches the first runs, and writes and compiles kernels for the sizes it saw: minutes in LLVM,
// for images of a new size each time. What it runs here is optimised once, when it is frozen.
void keep_executor_from_compiling() {
    static std::once_flag once;
    std::call_once(once, [] {
        torch::jit::setTensorExprFuserEnabled(false);
        torch::jit::getExecutorMode() = false;
    });
}

// Limits of aten::clamp as floats. C# records whole numbers as integers, which keep the type of integer tensors; of float
// tensors libtorch's own optimisation for oneDNN takes floats alone ("expected double").
void make_limits_floats(torch::jit::Graph& graph) {
    for (torch::jit::Node* node : graph.nodes()) {
        if (node->kind() != at::aten::clamp) continue;
        const auto type = node->input(0)->type()->cast<c10::TensorType>();
        if (!type || !type->scalarType() || !at::isFloatingType(*type->scalarType())) continue;
        for (size_t i = 1; i < node->inputs().size(); ++i) {
            const auto limit = torch::jit::toIValue(node->input(i));
            if (!limit || !limit->isInt()) continue;
            torch::jit::WithInsertPoint before(node);
            node->replaceInput(i, graph.insertConstant(static_cast<double>(limit->toInt())));
        }
    }
}

}  // namespace

// Which way it runs on the CPU; decided once.
void mdt_program::plan() {
    if (planned_) return;
    planned_ = true;
    why_not_planned_ = mdt::why_no_plans();
    if (why_not_planned_.empty()) {
        try {
            plan_ = std::make_unique<mdt::plan::Plan>(module_);
            description_ = plan_->describe();
            return;
        } catch (const c10::Error& error) {
            why_not_planned_ = mdt::first_line(error.what_without_backtrace());
        } catch (const std::exception& error) {
            why_not_planned_ = mdt::first_line(error.what());
        }
    }
    description_ = "libtorch's executor: " + why_not_planned_;
    mdt::tell_slow_path("it runs in libtorch's executor: " + why_not_planned_);
}

void mdt_program::freeze(bool for_cpu) {
    if (frozen_) return;
    keep_executor_from_compiling();
    make_limits_floats(*module_.get_method("forward").graph());
    torch::jit::Module frozen = torch::jit::freeze(module_);
    frozen_ = std::make_unique<torch::jit::Module>(for_cpu ? torch::jit::optimize_for_inference(frozen) : frozen);
}

std::vector<at::Tensor> mdt_program::run(const std::vector<at::Tensor>& inputs) {
    const at::NoGradGuard guard;
    const bool cpu = all_on_cpu(inputs);
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (cpu) plan();
        if (!cpu || !plan_) freeze(cpu);
    }
    if (cpu && plan_) return plan_->run(inputs);
    std::vector<c10::IValue> values(inputs.begin(), inputs.end());
    std::vector<at::Tensor> results;
    // libtorch 2 has no kernel for oneDNN's maps under autograd, not even where nothing is recorded.
    const at::AutoDispatchBelowAutograd below;
    mdt::flatten(frozen_->forward(std::move(values)), results);
    return results;
}

const std::string& mdt_program::describe() {
    const std::lock_guard<std::mutex> lock(mutex_);
    plan();
    return description_;
}

const std::string& mdt_program::why_not_planned() {
    const std::lock_guard<std::mutex> lock(mutex_);
    plan();
    return why_not_planned_;
}

int32_t mdt_program_load(const char* path, mdt_program** result) {
    *result = nullptr;
    return mdt::guarded([&] {
        torch::jit::Module module = torch::jit::load(path, c10::Device(c10::kCPU));
        module.eval();
        *result = new mdt_program(std::move(module));
    });
}

void mdt_program_free(mdt_program* program) { delete program; }

int32_t mdt_program_save(mdt_program* program, const char* path) {
    return mdt::guarded([&] { program->module().save(path); });
}

int32_t mdt_program_run(mdt_program* program, mdt_tensor* const* inputs, int32_t input_count, mdt_tensor** results,
                        int32_t capacity, int32_t* count) {
    return mdt::guarded([&] {
        std::vector<at::Tensor> outputs = program->run(mdt::borrow_all(inputs, input_count));
        *count = static_cast<int32_t>(outputs.size());
        TORCH_CHECK(*count <= capacity, "the network gave ", *count, " tensors, ", capacity, " were expected at most");
        for (at::Tensor& output : outputs) *results++ = mdt::give(std::move(output));
    });
}

int32_t mdt_program_describe(mdt_program* program, const char** text) {
    return mdt::guarded([&] { *text = program->describe().c_str(); });
}

int32_t mdt_program_why_not_planned(mdt_program* program, const char** text) {
    return mdt::guarded([&] { *text = program->why_not_planned().c_str(); });
}
