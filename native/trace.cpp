// Networks recorded while C# runs them once.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <map>

#include "program.h"

using torch::jit::Module;
namespace tracer = torch::jit::tracer;

namespace {

constexpr int32_t MaxOutputs = 256;

// Modules by their path: "backbone.conv1.weight" is the attribute `weight` of the module "backbone.conv1".
class ModuleTree {
public:
    ModuleTree() : unit_(std::make_shared<torch::jit::CompilationUnit>()), root_(make("Network")) {
        modules_.emplace("", root_);
    }

    void add(const std::string& name, const at::Tensor& tensor, bool is_parameter) {
        const auto dot = name.rfind('.');
        Module owner = module(dot == std::string::npos ? "" : name.substr(0, dot));
        const std::string key = dot == std::string::npos ? name : name.substr(dot + 1);
        if (is_parameter)
            owner.register_parameter(key, tensor, /*is_buffer=*/false);
        else
            owner.register_buffer(key, tensor);
    }

    const Module& root() const { return root_; }

private:
    Module make(const std::string& name) {
        Module module(c10::QualifiedName("__torch__." + name), unit_, /*shouldMangle=*/true);
        module.register_attribute("training", c10::BoolType::get(), false);
        return module;
    }

    Module module(const std::string& path) {
        const auto found = modules_.find(path);
        if (found != modules_.end()) return found->second;
        const auto dot = path.rfind('.');
        Module parent = module(dot == std::string::npos ? "" : path.substr(0, dot));
        Module child = make("Layer");
        parent.register_module(dot == std::string::npos ? path : path.substr(dot + 1), child);
        modules_.emplace(path, child);
        return child;
    }

    std::shared_ptr<torch::jit::CompilationUnit> unit_;
    Module root_;
    std::map<std::string, Module> modules_;
};

torch::jit::Stack call_back(mdt_trace_function function, void* context, const torch::jit::Stack& inputs) {
    std::vector<mdt_tensor*> handles;
    for (const auto& input : inputs)
        handles.push_back(reinterpret_cast<mdt_tensor*>(input.toTensor().unsafeGetTensorImpl()));
    std::vector<mdt_tensor*> outputs(MaxOutputs);
    const int32_t count =
        function(context, handles.data(), static_cast<int32_t>(handles.size()), outputs.data(), MaxOutputs);
    TORCH_CHECK(count >= 0, "the traced function failed");
    TORCH_CHECK(count > 0, "the traced function gave no tensor");
    std::vector<c10::IValue> results;
    for (int32_t i = 0; i < count; ++i) {
        results.emplace_back(
            at::Tensor(c10::intrusive_ptr<c10::TensorImpl>::reclaim(mdt::impl(outputs[static_cast<size_t>(i)]))));
    }
    return {c10::IValue(c10::ivalue::Tuple::create(std::move(results)))};
}

}  // namespace

int32_t mdt_program_trace(mdt_trace_function function, void* context, mdt_tensor* const* inputs, int32_t input_count,
                          const char* const* names, mdt_tensor* const* weights, const int32_t* is_parameter,
                          int32_t weight_count, mdt_program** result) {
    *result = nullptr;
    return mdt::guarded([&] {
        const at::NoGradGuard guard;
        ModuleTree tree;
        for (int32_t i = 0; i < weight_count; ++i) tree.add(names[i], mdt::borrow(weights[i]), is_parameter[i] != 0);
        Module module = tree.root();
        torch::jit::Stack stack;
        for (const at::Tensor& input : mdt::borrow_all(inputs, input_count)) stack.emplace_back(input);
        const auto traced = tracer::trace(
            std::move(stack), [&](torch::jit::Stack arguments) { return call_back(function, context, arguments); },
            [](const at::Tensor&) { return std::string(); }, /*strict=*/false, /*force_outplace=*/false, &module);
        const c10::QualifiedName name(*module.type()->name(), "forward");
        module.type()->addMethod(module._ivalue()->compilation_unit()->create_function(name, traced.first->graph));
        *result = new mdt_program(std::move(module));
    });
}

// While a network is recorded, the next operator's `output_size` follows a map instead of numbers.
static void record_output_size(const at::Tensor& like) {
    TORCH_CHECK(like.dim() == 4, "maps must have shape (B, C, H, W), got ", like.sizes());
    if (!tracer::isTracing()) return;
    for (const int64_t axis : {0, 1}) {
        const auto index = static_cast<size_t>(axis);
        tracer::ArgumentStash::stashIntArrayRefElem("output_size", 2, index, tracer::getSizeOf(like, axis + 2));
    }
}

int32_t mdt_upsample_nearest_like(mdt_tensor* maps, mdt_tensor* reference, mdt_tensor** result) {
    *result = nullptr;
    return mdt::guarded([&] {
        const at::Tensor source = mdt::borrow(maps), like = mdt::borrow(reference);
        TORCH_CHECK(source.dim() == 4, "maps must have shape (B, C, H, W), got ", source.sizes());
        record_output_size(like);
        *result = mdt::give(at::upsample_nearest2d(source, {like.size(2), like.size(3)}));
    });
}

int32_t mdt_adaptive_max_pool_like(mdt_tensor* maps, mdt_tensor* reference, mdt_tensor** result) {
    *result = nullptr;
    return mdt::guarded([&] {
        const at::Tensor source = mdt::borrow(maps), like = mdt::borrow(reference);
        TORCH_CHECK(source.dim() == 4, "maps must have shape (B, C, H, W), got ", source.sizes());
        record_output_size(like);
        *result = mdt::give(std::get<0>(at::adaptive_max_pool2d(source, {like.size(2), like.size(3)})));
    });
}
