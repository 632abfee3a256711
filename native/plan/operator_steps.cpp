#include "operator_steps.h"

namespace mdt::plan {

using c10::IValue;

OperatorStep::OperatorStep(Node* node)
    : operation_(node->getOperation()), name_(node->kind().toQualString()), mutates_(node->schema().is_mutable()) {}

void OperatorStep::run(Slots& slots) {
    torch::jit::Stack stack;
    for (const size_t input : inputs) stack.push_back(slots[input].as_plain());
    operation_(stack);
    for (size_t i = 0; i < outputs.size(); ++i) slots[outputs[i]].set(stack[stack.size() - outputs.size() + i]);
    if (!mutates_) return;
    // The written tensor may be a view of any other: their maps are out of date.
    for (Slot& slot : slots) {
        if (slot.has_plain) slot.map = {};
    }
}

ListStep::ListStep(Node* node) : type_(node->output()->type()->expect<c10::ListType>()->getElementType()) {}

void ListStep::run(Slots& slots) {
    c10::impl::GenericList list(type_);
    for (const size_t input : inputs) list.push_back(slots[input].as_plain());
    slots[outputs[0]].set(IValue(std::move(list)));
}

void TupleStep::run(Slots& slots) {
    std::vector<IValue> values;
    for (const size_t input : inputs) values.push_back(slots[input].as_plain());
    slots[outputs[0]].set(c10::ivalue::Tuple::create(std::move(values)));
}

void UnpackStep::run(Slots& slots) {
    const IValue& value = slots[inputs[0]].as_plain();
    const std::vector<IValue> values = value.isTuple() ? value.toTupleRef().elements().vec() : value.toListRef().vec();
    TORCH_CHECK(values.size() == outputs.size(), "Plan: unpacking ", values.size(), " values to ", outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) slots[outputs[i]].set(values[i]);
}

void SizeStep::run(Slots& slots) {
    const Slot& slot = slots[inputs[0]];
    if (!slot.is_map()) return OperatorStep::run(slots);
    const dense::Sizes& s = slot.map.sizes;
    const int64_t sizes[] = {s.batch, s.channels, s.height, s.width};
    slots[outputs[0]].set(IValue(sizes[dimension_ < 0 ? dimension_ + 4 : dimension_]));
}

}  // namespace mdt::plan
