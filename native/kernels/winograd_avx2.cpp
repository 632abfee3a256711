// 12 sums, 2 vectors of weights, 1 pixel: 15 of the 16 registers.
#define MDT_WIDTH 8
#define MDT_ROWS 6
#define MDT_KERNEL avx2_kernel
#include "winograd_kernel.inl"
