// Shared by the files of the shim; not part of the border.
#pragma once
#include "mmdetsharp.h"

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <exception>
#include <string>
#include <vector>

namespace mdt {

void set_error(const char* message);

// Runs `body` and turns every C++ exception into a status code: nothing may unwind into C#.
template <typename Body>
int32_t guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        set_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("unknown C++ exception");
    }
    return 1;
}

// A handle is the TensorImpl itself with one reference taken.
inline c10::TensorImpl* impl(mdt_tensor* handle) { return reinterpret_cast<c10::TensorImpl*>(handle); }

inline at::Tensor borrow(mdt_tensor* handle) {
    TORCH_CHECK(handle != nullptr, "the tensor is disposed");
    auto* pointer = impl(handle);
    c10::raw::intrusive_ptr::incref(pointer);
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl>::reclaim(pointer));
}

inline std::vector<at::Tensor> borrow_all(mdt_tensor* const* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    for (int32_t i = 0; i < count; ++i) tensors.push_back(borrow(handles[i]));
    return tensors;
}

inline mdt_tensor* give(at::Tensor tensor) { return reinterpret_cast<mdt_tensor*>(tensor.unsafeReleaseTensorImpl()); }

}  // namespace mdt
