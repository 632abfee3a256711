// Loops shared out over the threads of OpenMP, which libtorch's are too. No libtorch header: kernels are told how many.
#pragma once
#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace mdt {

// Calls body(first, last) on even shares of [0, count), each of at least `grain`. Inside of another such loop: once.
template <typename Body>
void parallel_for(int threads, int64_t count, int64_t grain, const Body& body) {
    const int64_t shares = std::min<int64_t>(threads, (count + grain - 1) / grain);
    if (shares <= 1 || omp_in_parallel()) {
        body(0, count);
        return;
    }
    // The whole team each time: libgomp makes threads anew when the size of the team changes.
#pragma omp parallel num_threads(threads)
    {
        const int64_t team = std::min<int64_t>(shares, omp_get_num_threads());
        const int64_t share = omp_get_thread_num();
        if (share < team) body(count * share / team, count * (share + 1) / team);
    }
}

}  // namespace mdt
