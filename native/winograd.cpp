#include "winograd.h"

namespace mdt::winograd {

const Kernel* kernel() {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &avx512_kernel;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2_kernel;
    return nullptr;
}

}  // namespace mdt::winograd
