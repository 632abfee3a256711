// 28 sums, 2 vectors of weights: 30 of the 32 registers.
#define MDT_WIDTH 16
#define MDT_ROWS 14
#define MDT_KERNEL avx512_kernel
#include "winograd_kernel.inl"
