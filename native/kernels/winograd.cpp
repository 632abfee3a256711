#include "winograd.h"

#include <algorithm>
#include <atomic>

#include "parallel.h"

namespace mdt::winograd {
namespace {

// Tiles are shared out in equal parts; when there are too few, the groups of outputs are split too.
struct Shares {
    int64_t tiles, groups, parts, splits;
    int64_t scratch;  // floats of one thread
};

Shares shares_of(const Kernel& kernel, const Problem& problem, int threads) {
    const int64_t tiles = (problem.height + 3) / 4 * ((problem.width + 3) / 4);
    const int64_t groups = kernel.groups(problem.outputs);
    int64_t parts = (tiles + kernel.max_tiles - 1) / kernel.max_tiles;
    int64_t splits = 1;
    if (parts < threads) {
        splits = std::min(groups, (threads + parts - 1) / parts);
    } else {
        parts = std::min(tiles, (parts + threads - 1) / threads * threads);
    }
    return {tiles, groups, parts, splits, kernel.scratch_floats(problem.inputs, (tiles + parts - 1) / parts)};
}

}  // namespace

const Kernel* kernel() {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &avx512_kernel;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2_kernel;
    return nullptr;
}

void pack(const Kernel& kernel, const float* weights, const float* scale, int64_t inputs, int64_t outputs, int threads,
          float* packed) {
    parallel_for(threads, kernel.groups(outputs), 1, [&](int64_t first, int64_t last) {
        for (int64_t group = first; group < last; ++group) {
            kernel.pack(weights, scale, inputs, outputs, group, packed);
        }
    });
}

int64_t scratch_floats(const Kernel& kernel, const Problem& problem, int threads) {
    return shares_of(kernel, problem, threads).scratch * threads;
}

void run(const Kernel& kernel, const Problem& problem, int threads, float* scratch) {
    const Shares s = shares_of(kernel, problem, threads);
    const int64_t items = s.parts * s.splits;
    // Each thread takes the next item when it is done: a thread that the system holds up delays one item only.
    std::atomic<int64_t> next{0};
    parallel_for(threads, threads, 1, [&](int64_t first, int64_t last) {
        for (int64_t thread = first; thread < last; ++thread) {
            for (int64_t item = next++; item < items; item = next++) {
                const int64_t part = item / s.splits, split = item % s.splits;
                kernel.run(problem, s.tiles * part / s.parts, s.tiles * (part + 1) / s.parts,
                           s.groups * split / s.splits, s.groups * (split + 1) / s.splits,
                           scratch + thread * s.scratch);
            }
        }
    });
}

}  // namespace mdt::winograd
