// One value of the graph at run time: as libtorch knows it, as a blocked map, or both.
#pragma once
#include <ATen/core/ivalue.h>

#include <utility>
#include <vector>

#include "../dense/map.h"

namespace mdt::plan {

struct Slot {
    c10::IValue plain;
    bool has_plain = false;
    dense::Map map;

    void set(c10::IValue value) {
        plain = std::move(value);
        has_plain = true;
        map = {};
    }

    void set(dense::Map value) {
        map = std::move(value);
        plain = {};
        has_plain = false;
    }

    const c10::IValue& as_plain() {
        if (!has_plain) {
            plain = dense::to_plain(map);
            has_plain = true;
        }
        return plain;
    }

    const dense::Map& as_map() {
        if (!map.defined()) map = dense::from_plain(plain.toTensor());
        return map;
    }

    bool is_map() const { return map.defined(); }
    bool can_be_map() const { return is_map() || (plain.isTensor() && dense::accepts(plain.toTensor())); }
};

using Slots = std::vector<Slot>;

}  // namespace mdt::plan
