// Activations of the graph: read from its nodes, and run by libtorch where the map is no blocked one.
#pragma once
#include "../kernels/onednn.h"
#include "graph.h"

namespace mdt::plan {

// Whether `node` is an activation that kernels take in; in place or not.
bool read_activation(const Graph& graph, Node* node, onednn::ActivationOptions& options);

at::Tensor activate(const at::Tensor& x, const onednn::ActivationOptions& options);

}  // namespace mdt::plan
