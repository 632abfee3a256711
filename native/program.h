// A network traced from C#, and the two ways to run it.
#pragma once
#include <torch/csrc/jit/api/module.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "border.h"
#include "plan/plan.h"

struct mdt_program {
    explicit mdt_program(torch::jit::Module traced) : module_(std::move(traced)) {}

    const torch::jit::Module& module() const { return module_; }
    std::vector<at::Tensor> run(const std::vector<at::Tensor>& inputs);

    // Owned by the program.
    const std::string& describe();
    const std::string& why_not_planned();  // "" where it is planned

private:
    void plan();
    void freeze(bool for_cpu);

    torch::jit::Module module_;
    std::mutex mutex_;
    std::unique_ptr<mdt::plan::Plan> plan_;
    std::unique_ptr<torch::jit::Module> frozen_;  // for devices other than the CPU, and where there is no plan
    std::string description_;
    std::string why_not_planned_;
    bool planned_ = false;
};
