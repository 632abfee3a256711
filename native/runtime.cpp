// The process: threads, devices, further operator libraries, and what was found.
#include "border.h"
#include "notice.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/csrc/api/include/torch/version.h>

#include <dlfcn.h>
#include <omp.h>

#include <opencv2/core/version.hpp>

#include <algorithm>
#include <atomic>
#include <sstream>

namespace {

std::string library_of(const void* symbol) {
    Dl_info info{};
    return dladdr(symbol, &info) && info.dli_fname ? info.dli_fname : "unknown";
}

// What follows `label` in libtorch's own report, up to one of `ends`: "CPU capability usage: AVX2", "MKL-DNN v2.6.2
// (Git".
std::string reported(const std::string& label, const char* ends) {
    const std::string report = at::show_config();
    const auto start = report.find(label);
    if (start == std::string::npos) return "unknown";
    const auto end = report.find_first_of(ends, start + label.size());
    return report.substr(start + label.size(), end - start - label.size());
}

// As set here; 0: as OpenMP's environment says.
std::atomic<int> threads_set{0};

std::string onednn_of_libtorch() { return at::globalContext().hasMKLDNN() ? reported("MKL-DNN v", " \n") : "no"; }

}  // namespace

int32_t mdt_library_load(const char* path) {
    return mdt::guarded([&] { TORCH_CHECK(dlopen(path, RTLD_NOW | RTLD_GLOBAL) != nullptr, dlerror()); });
}

int32_t mdt_threads(int32_t* result) {
    return mdt::guarded([&] { *result = at::get_num_threads(); });
}

int32_t mdt_set_threads(int32_t threads) {
    return mdt::guarded([&] {
        at::set_num_threads(threads);
        threads_set = threads;
    });
}

int32_t mdt_hold_threads(int32_t hold) {
    return mdt::guarded([&] {
        if (hold == 0) {
            omp_pause_resource(omp_pause_soft, omp_get_initial_device());
            return;
        }
        // A team of this thread's own, beside libtorch's. Not at::get_num_threads: a thread's first call makes it a pool of
        // libtorch's, which the end of the process may be freeing.
        const int set = threads_set.load();
        const int team = std::max(2, omp_get_num_procs() - (set > 0 ? set : omp_get_max_threads()) + 2);
#pragma omp parallel num_threads(team)
        asm volatile("");
    });
}

int32_t mdt_set_deterministic(int32_t enabled) {
    return mdt::guarded([&] {
        at::globalContext().setDeterministicCuDNN(enabled != 0);
        at::globalContext().setBenchmarkCuDNN(enabled == 0);
        at::globalContext().setDeterministicAlgorithms(enabled != 0, /*warn_only=*/true);
    });
}

int32_t mdt_cuda_devices(int32_t* count) {
    return mdt::guarded([&] {
        const auto& context = at::globalContext();
        *count = context.hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
    });
}

int32_t mdt_describe(const char** text) {
    return mdt::guarded([&] {
        static std::string description;
        std::ostringstream lines;
        lines << "libtorch: " << TORCH_VERSION << "\n"
              << "libtorch file: " << library_of(reinterpret_cast<const void*>(&at::get_num_threads)) << "\n"
              << "OpenCV: " << CV_VERSION << "\n"
              << "CPU capability: " << reported("CPU capability usage: ", "\n") << "\n"
              << "oneDNN: " << onednn_of_libtorch() << "\n"
              << "compiled inference: " << mdt::inference_path() << "\n"
              << "MKL: " << (at::globalContext().hasMKL() ? "yes" : "no") << "\n"
              << "threads: " << at::get_num_threads() << "\n";
        description = lines.str();
        *text = description.c_str();
    });
}
