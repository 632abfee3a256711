// Boxed calls: one function reaches every operator of the dispatcher, with autograd.
#include "border.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <mutex>
#include <unordered_map>

namespace {

using c10::IValue;

c10::List<c10::optional<at::Tensor>> optional_list(const mdt_value& value) {
    c10::List<c10::optional<at::Tensor>> list;
    list.reserve(value.count);
    auto** handles = static_cast<mdt_tensor**>(value.pointer);
    for (int64_t i = 0; i < value.count; ++i) {
        list.push_back(handles[i] ? c10::optional<at::Tensor>(mdt::borrow(handles[i])) : c10::nullopt);
    }
    return list;
}

c10::List<at::Tensor> tensor_list(const mdt_value& value) {
    c10::List<at::Tensor> list;
    list.reserve(value.count);
    auto** handles = static_cast<mdt_tensor**>(value.pointer);
    for (int64_t i = 0; i < value.count; ++i) list.push_back(mdt::borrow(handles[i]));
    return list;
}

template <typename T>
std::vector<T> plain_list(const mdt_value& value) {
    auto* first = static_cast<const T*>(value.pointer);
    return std::vector<T>(first, first + value.count);
}

IValue argument(const mdt_value& value) {
    switch (value.tag) {
        case MDT_NONE: return IValue();
        case MDT_TENSOR: return mdt::borrow(static_cast<mdt_tensor*>(value.pointer));
        case MDT_INT: return value.integer;
        case MDT_DOUBLE: return value.number;
        case MDT_BOOL: return value.integer != 0;
        case MDT_INT_LIST: return plain_list<int64_t>(value);
        case MDT_TENSOR_LIST: return tensor_list(value);
        case MDT_STRING: return std::string(static_cast<const char*>(value.pointer), value.count);
        case MDT_DOUBLE_LIST: return plain_list<double>(value);
        case MDT_OPTIONAL_TENSOR_LIST: return optional_list(value);
        case MDT_DEVICE:
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
        case MDT_GENERATOR: return *static_cast<at::Generator*>(value.pointer);
        default: TORCH_CHECK(false, "unknown value tag ", value.tag);
    }
}

void give_tensors(std::vector<at::Tensor> tensors, mdt_value* result) {
    auto** list = new mdt_tensor*[tensors.size() + 1];
    for (size_t i = 0; i < tensors.size(); ++i) list[i] = mdt::give(std::move(tensors[i]));
    result->tag = MDT_TENSOR_LIST;
    result->pointer = list;
    result->count = static_cast<int64_t>(tensors.size());
}

void give_value(IValue& value, mdt_value* result) {
    if (value.isTensor()) {
        auto tensor = std::move(value).toTensor();
        result->tag = tensor.defined() ? MDT_TENSOR : MDT_NONE;
        result->pointer = tensor.defined() ? mdt::give(std::move(tensor)) : nullptr;
    } else if (value.isNone()) {
        result->tag = MDT_NONE;
    } else if (value.isInt()) {
        result->tag = MDT_INT;
        result->integer = value.toInt();
    } else if (value.isDouble()) {
        result->tag = MDT_DOUBLE;
        result->number = value.toDouble();
    } else if (value.isBool()) {
        result->tag = MDT_BOOL;
        result->integer = value.toBool();
    } else if (value.isTensorList()) {
        give_tensors(value.toTensorVector(), result);
    } else {
        TORCH_CHECK(false, "a result of type ", value.tagKind(), " does not cross the border");
    }
}

}  // namespace

int32_t mdt_operator_find(const char* name, const char* overload, mdt_operator** result) {
    return mdt::guarded([&] {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found.has_value(), "there is no operator ", name, *overload ? "." : "", overload);
        *result = reinterpret_cast<mdt_operator*>(new c10::OperatorHandle(*found));
    });
}

int32_t mdt_operator_call(mdt_operator* op, const mdt_value* arguments, int32_t argument_count, mdt_value* results,
                          int32_t capacity, int32_t* count) {
    return mdt::guarded([&] {
        torch::jit::Stack stack;
        stack.reserve(argument_count);
        for (int32_t i = 0; i < argument_count; ++i) stack.emplace_back(argument(arguments[i]));
        reinterpret_cast<c10::OperatorHandle*>(op)->callBoxed(&stack);
        TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), "the operator has ", stack.size(), " results");
        for (size_t i = 0; i < stack.size(); ++i) give_value(stack[i], &results[i]);
        *count = static_cast<int32_t>(stack.size());
    });
}

void mdt_list_free(mdt_tensor** list) { delete[] list; }
