// 3x3 convolutions of stride 1 by Winograd's minimal filtering, F(4x4, 3x3): 36 products make 16 results that cost 144
// otherwise. Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv 1509.09308. The interpolation
// points are 0, +-5/8, +-3/2 and infinity, not the paper's 0, +-1, +-2: their rounding error is smaller.
//
// Maps are blocked: channels in blocks of `width` (16 with AVX-512, 8 with AVX2), the innermost index.
#pragma once
#include <cstdint>

namespace mdt::winograd {

// How the results are stored: blocked, or channel by channel as libtorch does.
enum class Layout { Blocked, Planes };

// One map with padding 1: (inputs, height, width) -> (outputs, height, width).
struct Problem {
    int64_t inputs, outputs;  // channels
    int64_t height, width;
    const float* source;   // blocked
    const float* weights;  // packed by `pack`
    const float* bias;     // `outputs` rounded up to whole blocks
    const float* addend;   // blocked, added before the activation; or null
    float* target;
    Layout layout;         // of the target
    float negative_slope;  // of the activation: 0 ReLU, 1 none, between them leaky ReLU
};

// A kernel compiled for one instruction set.
struct Kernel {
    int64_t width;
    int64_t (*packed_floats)(int64_t inputs, int64_t outputs);
    int64_t (*groups)(int64_t outputs);  // the outputs are computed in groups of channels
    // Transforms the weights of one group, times `scale` (outputs) where it is not null.
    void (*pack)(const float* weights, const float* scale, int64_t inputs, int64_t outputs, int64_t group,
                 float* packed);
    int64_t (*scratch_floats)(int64_t inputs, int64_t tiles);
    // Computes the tiles [first, last), counted row by row, of the groups [group, group_end). `max_tiles` at most.
    void (*run)(const Problem& problem, int64_t first, int64_t last, int64_t group, int64_t group_end, float* scratch);
    int64_t max_tiles;
};

// The best kernel of this processor, or null where there is none.
const Kernel* kernel();

// Weights (outputs, inputs, 3, 3), times `scale` (outputs) where it is not null, as the kernel reads them.
void pack(const Kernel& kernel, const float* weights, const float* scale, int64_t inputs, int64_t outputs, int threads,
          float* packed);

// The whole map; `scratch` holds scratch_floats().
int64_t scratch_floats(const Kernel& kernel, const Problem& problem, int threads);
void run(const Kernel& kernel, const Problem& problem, int threads, float* scratch);

extern const Kernel avx512_kernel;
extern const Kernel avx2_kernel;

}  // namespace mdt::winograd
