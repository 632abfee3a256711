// Handles, memory in and out, and the description of a tensor.
#include "border.h"

#include <ATen/Functions.h>
#include <ATen/TracerMode.h>

#include <cstring>

namespace {

thread_local std::string last_error;

void copy_numbers(at::IntArrayRef numbers, int64_t* target, int32_t capacity, int32_t* rank) {
    *rank = static_cast<int32_t>(numbers.size());
    std::copy_n(numbers.begin(), std::min<size_t>(numbers.size(), capacity), target);
}

}  // namespace

void mdt::set_error(const char* message) {
    try {
        last_error = message;
    } catch (...) {
        last_error.clear();
    }
}

const char* mdt_last_error() { return last_error.c_str(); }

void mdt_tensor_free(mdt_tensor* tensor) {
    if (tensor) c10::intrusive_ptr<c10::TensorImpl>::reclaim(mdt::impl(tensor));
}

int32_t mdt_tensor_clone_handle(mdt_tensor* tensor, mdt_tensor** result) {
    return mdt::guarded([&] { *result = mdt::give(mdt::borrow(tensor)); });
}

int32_t mdt_tensor_from_memory(const void* data, int64_t bytes, int32_t type, const int64_t* shape, int32_t rank,
                               mdt_tensor** result) {
    return mdt::guarded([&] {
        // Not recorded: to a network that is, the numbers are constants.
        const at::tracer::impl::NoTracerDispatchMode untraced;
        auto tensor = at::empty(at::IntArrayRef(shape, rank), static_cast<at::ScalarType>(type));
        TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the shape needs ", tensor.nbytes(),
                    " bytes, got ", bytes);
        if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
        *result = mdt::give(std::move(tensor));
    });
}

int32_t mdt_tensor_over_memory(void* data, int32_t type, const int64_t* shape, int32_t rank, void (*release)(void*),
                               void* context, mdt_tensor** result) {
    return mdt::guarded([&] {
        auto tensor = at::from_blob(
            data, at::IntArrayRef(shape, rank), [release, context](void*) { release(context); },
            at::TensorOptions(static_cast<at::ScalarType>(type)));
        *result = mdt::give(std::move(tensor));
    });
}

int32_t mdt_tensor_to_memory(mdt_tensor* tensor, void* data, int64_t bytes) {
    return mdt::guarded([&] {
        auto source = mdt::borrow(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(static_cast<int64_t>(source.nbytes()) == bytes, "the tensor has ", source.nbytes(),
                    " bytes, the buffer ", bytes);
        if (bytes > 0) std::memcpy(data, source.data_ptr(), bytes);
    });
}

int32_t mdt_tensor_shape(mdt_tensor* tensor, int64_t* sizes, int32_t capacity, int32_t* rank) {
    return mdt::guarded([&] { copy_numbers(mdt::impl(tensor)->sizes(), sizes, capacity, rank); });
}

int32_t mdt_tensor_strides(mdt_tensor* tensor, int64_t* strides, int32_t capacity, int32_t* rank) {
    return mdt::guarded([&] { copy_numbers(mdt::impl(tensor)->strides(), strides, capacity, rank); });
}

int32_t mdt_tensor_type(mdt_tensor* tensor, int32_t* type) {
    return mdt::guarded([&] { *type = static_cast<int32_t>(c10::typeMetaToScalarType(mdt::impl(tensor)->dtype())); });
}

int32_t mdt_tensor_device(mdt_tensor* tensor, int32_t* device_type, int32_t* device_index) {
    return mdt::guarded([&] {
        const auto device = mdt::impl(tensor)->device();
        *device_type = static_cast<int32_t>(device.type());
        *device_index = device.has_index() ? device.index() : 0;
    });
}

int32_t mdt_tensor_data(mdt_tensor* tensor, void** data) {
    return mdt::guarded([&] {
        const auto value = mdt::borrow(tensor);
        TORCH_CHECK(value.device().is_cpu(), "the data of a tensor on ", value.device(), " cannot be read directly");
        *data = value.data_ptr();
    });
}
