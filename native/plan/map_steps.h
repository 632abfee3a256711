// Operators that have a fast form on blocked maps.
#pragma once
#include <memory>
#include <vector>

#include "graph.h"
#include "step.h"

namespace mdt::plan {

// The step of `node`, or null where its operator has no fast form. `arguments` become those that the step reads.
std::unique_ptr<Step> make_map_step(const Graph& graph, Node* node, std::vector<Value*>& arguments);

}  // namespace mdt::plan
