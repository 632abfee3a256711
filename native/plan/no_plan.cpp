// Built without oneDNN: every program runs in libtorch's executor.
#include "../notice.h"
#include "plan.h"

namespace mdt::plan {

struct Plan::State {};

Plan::Plan(const torch::jit::Module&) { TORCH_CHECK(false, why_no_plans()); }
Plan::~Plan() = default;
std::vector<at::Tensor> Plan::run(const std::vector<at::Tensor>& inputs) { return inputs; }
std::string Plan::describe() const { return {}; }

}  // namespace mdt::plan
