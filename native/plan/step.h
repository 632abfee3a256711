// A plan is a list of steps: each reads slots and writes slots.
#pragma once
#include <c10/util/Exception.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "../notice.h"
#include "slot.h"

namespace mdt::plan {

class Step {
public:
    virtual ~Step() = default;
    virtual void run(Slots& slots) = 0;
    virtual std::string name() const = 0;

    std::vector<size_t> inputs;
    std::vector<size_t> outputs;
    std::vector<size_t> last_uses;  // freed when the step is done
    bool keeps(size_t slot) const { return std::find(last_uses.begin(), last_uses.end(), slot) == last_uses.end(); }
};

// Whether the fast form of a step did its work. Where oneDNN refuses what we believed it takes, a line says so, and the
// caller runs libtorch's operator.
template <typename Body>
bool attempt(const Step& step, Body&& body) {
    try {
        return body();
    } catch (const c10::Error&) {
        throw;
    } catch (const std::exception& error) {
        tell_slow_path(step.name() + " runs as libtorch's operator: oneDNN says: " + error.what());
        return false;
    }
}

}  // namespace mdt::plan
