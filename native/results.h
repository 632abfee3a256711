// What a network returns, as a list of tensors.
#pragma once
#include <ATen/core/ivalue.h>

#include <vector>

namespace mdt {

// The tensors of a result: a tensor, or a tuple or list of results.
inline void flatten(const c10::IValue& value, std::vector<at::Tensor>& result) {
    if (value.isTensor()) {
        result.push_back(value.toTensor());
    } else if (value.isTuple()) {
        for (const c10::IValue& element : value.toTupleRef().elements()) flatten(element, result);
    } else if (value.isList()) {
        for (const c10::IValue& element : value.toListRef()) flatten(element, result);
    } else {
        TORCH_CHECK(false, "the network must return tensors, got ", value.tagKind());
    }
}

}  // namespace mdt
