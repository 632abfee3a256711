#include "convolution_step.h"

#include <ATen/Functions.h>

#include <sstream>

#include "activation.h"

namespace mdt::plan {

void ConvolutionStep::run(Slots& slots) {
    if (!attempt(*this, [&] { return run_fast(slots); })) run_plain(slots);
}

bool ConvolutionStep::run_fast(Slots& slots) {
    at::Tensor plain, tensor;
    dense::Map source, addend, map;
    if (!read_source(slots, plain, source)) return false;
    bool free = false;
    if (options_.has_addend) {
        Slot& other = slots[inputs.back()];
        if (!other.can_be_map()) return false;
        addend = other.as_map();
        // `other` and `addend` hold it; a third holder would see it change.
        free = !keeps(inputs.back()) && inputs[0] != inputs.back() && addend.storage.use_count() == 2;
    }
    if (!fast_.run(plain, source, addend, free, map, tensor)) return false;
    Slot& target = slots[outputs[0]];
    if (tensor.defined()) {
        target.set(c10::IValue(std::move(tensor)));
    } else {
        target.set(std::move(map));
    }
    return true;
}

bool ConvolutionStep::read_source(Slots& slots, at::Tensor& plain, dense::Map& map) {
    Slot& source = slots[inputs[0]];
    if (!source.can_be_map()) return false;
    if (source.is_map()) {
        map = source.map;
    } else {
        plain = source.plain.toTensor();
    }
    return true;
}

at::Tensor ConvolutionStep::convolve_plain(Slots& slots) {
    return at::convolution(slots[inputs[0]].as_plain().toTensor(), folded_.weight, {}, options_.stride,
                           options_.padding, options_.dilation, false, {0, 0}, options_.groups);
}

void ConvolutionStep::run_plain(Slots& slots) {
    at::Tensor y = convolve_plain(slots);
    if (folded_.scale.defined()) y = at::mul(y, folded_.scale.view({-1, 1, 1}));
    if (folded_.bias.defined()) y = at::add(y, folded_.bias.view({-1, 1, 1}));
    if (options_.has_addend) y = at::add(y, slots[inputs.back()].as_plain().toTensor());
    slots[outputs[0]].set(c10::IValue(activate(y, options_.activation)));
}

std::string ConvolutionStep::name() const {
    std::ostringstream text;
    text << "convolution " << folded_.weight.sizes();
    if (folded_.scale.defined()) text << " + batch normalisation";
    if (options_.has_addend) text << " + sum";
    if (options_.activation.kind != dense::Activation::None) text << " + activation";
    return text.str();
}

}  // namespace mdt::plan
