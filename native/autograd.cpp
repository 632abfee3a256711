// Gradients and the gradient mode of a thread; random number generators.
#include "border.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <c10/core/GradMode.h>

int32_t mdt_autograd_backward(mdt_tensor* root) {
    return mdt::guarded([&] { mdt::borrow(root).backward(); });
}

int32_t mdt_autograd_gradient(mdt_tensor* tensor, mdt_tensor** result) {
    return mdt::guarded([&] {
        auto gradient = mdt::borrow(tensor).grad();
        *result = gradient.defined() ? mdt::give(std::move(gradient)) : nullptr;
    });
}

int32_t mdt_autograd_set_gradient(mdt_tensor* tensor, mdt_tensor* gradient) {
    return mdt::guarded(
        [&] { mdt::borrow(tensor).mutable_grad() = gradient ? mdt::borrow(gradient) : at::Tensor(); });
}

int32_t mdt_autograd_requires(mdt_tensor* tensor, int32_t* result) {
    return mdt::guarded([&] { *result = mdt::borrow(tensor).requires_grad(); });
}

int32_t mdt_autograd_set_requires(mdt_tensor* tensor, int32_t required) {
    return mdt::guarded([&] { mdt::borrow(tensor).requires_grad_(required != 0); });
}

int32_t mdt_autograd_mode(int32_t enabled, int32_t* previous) {
    return mdt::guarded([&] {
        *previous = c10::GradMode::is_enabled();
        c10::GradMode::set_enabled(enabled != 0);
    });
}

int32_t mdt_generator_create(uint64_t seed, int32_t device_type, int32_t device_index, mdt_generator** result) {
    return mdt::guarded([&] {
        const c10::Device device(static_cast<c10::DeviceType>(device_type),
                                 static_cast<c10::DeviceIndex>(device_index));
        auto generator = device.is_cpu()
                             ? at::Generator(c10::make_intrusive<at::CPUGeneratorImpl>(seed))
                             : at::globalContext().defaultGenerator(device).clone();
        generator.set_current_seed(seed);
        *result = reinterpret_cast<mdt_generator*>(new at::Generator(std::move(generator)));
    });
}

void mdt_generator_free(mdt_generator* generator) { delete reinterpret_cast<at::Generator*>(generator); }
