// Deformable convolution, Dai et al., arXiv:1703.06211, section 2.1, and with a mask Zhu et al., arXiv:1811.11168,
// section 3.2: the columns whose product with the weights is the result, and the gradients of what they are made from.
// Plain functions on raw memory, without a libtorch header.
#pragma once
#include <array>
#include <cstdint>

namespace mdt::deformable {

// How the kernel moves over one image; height, then width.
struct Geometry {
    int64_t channels, height, width;  // of the source
    int64_t out_height, out_width;
    std::array<int64_t, 2> kernel, stride, padding, dilation;
    int64_t offset_groups;  // share out the channels

    int64_t taps() const { return kernel[0] * kernel[1]; }
};

// Where values lie: channels in blocks of `unit`, the innermost index. The last block may be padded.
struct Layout {
    int64_t unit;
    int64_t source_block, source_pixel;              // steps in the source
    int64_t column_block, column_tap, column_place;  // steps in the columns
};

// The outputs of one image in rows [first_row, last_row); columns begin at the first of them.
struct Problem {
    Geometry geometry;
    Layout layout;
    int64_t first_row, last_row;
    const float* offset;  // (offset groups, taps, 2, H', W'): y, x; the whole image
    const float* mask;    // (offset groups, taps, H', W'), or null for 1
};

// A place between four pixels is their bilinear mean; pixels outside are 0, as is a place outside (-1, H) x (-1, W).
void columns(const Problem& problem, int threads, const float* source, float* columns);

// Adds to `of_source`, which lies as the source.
void source_gradient(const Problem& problem, int threads, const float* of_columns, float* of_source);

// Sets the rows of `of_offset`, and of `of_mask` where there is one; they lie as offset and mask.
void offset_gradient(const Problem& problem, int threads, const float* source, const float* of_columns,
                     float* of_offset, float* of_mask);

}  // namespace mdt::deformable
