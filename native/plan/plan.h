// A traced graph as a flat list of steps for the CPU. Convolutions take the batch normalisation, sum and activation
// that follow them; what oneDNN's blocked maps can do is done on them; every other operator runs as libtorch's own.
#pragma once
#include <torch/csrc/jit/api/module.h>

#include <memory>
#include <string>
#include <vector>

namespace mdt::plan {

class Plan {
public:
    // `module` has the method `forward`, tensors -> tensor, tuple or list. Throws where the graph holds control flow.
    explicit Plan(const torch::jit::Module& module);
    ~Plan();

    std::vector<at::Tensor> run(const std::vector<at::Tensor>& inputs);

    // One line a step.
    std::string describe() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mdt::plan
