#include "blocked.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "parallel.h"

namespace mdt::blocked {
namespace {

constexpr int64_t MostUnits = 16;

struct Sums {
    double sum = 0, squares = 0;
};

// Sums over the pixels of each channel; rows in float, their sum in double. (batch x channels rounded up)
std::vector<Sums> channel_sums(const Shape& shape, int threads, const float* source) {
    const int64_t unit = shape.unit;
    std::vector<Sums> sums(static_cast<size_t>(shape.batch * shape.blocks() * unit));
    parallel_for(threads, shape.batch * shape.blocks(), 1, [&](int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            for (int64_t y = 0; y < shape.height; ++y) {
                float sum[MostUnits] = {}, squares[MostUnits] = {};
                const float* row = source + (b * shape.height + y) * shape.width * unit;
                for (int64_t x = 0; x < shape.width; ++x, row += unit) {
                    for (int64_t c = 0; c < unit; ++c) {
                        sum[c] += row[c];
                        squares[c] += row[c] * row[c];
                    }
                }
                for (int64_t c = 0; c < unit; ++c) {
                    Sums& total = sums[static_cast<size_t>(b * unit + c)];
                    total.sum += sum[c];
                    total.squares += squares[c];
                }
            }
        }
    });
    return sums;
}

struct Affine {
    float scale = 0, shift = 0;  // 0 in the channels that round up to a block: they stay zero
};

// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, as one product and one sum a channel.
std::vector<Affine> group_affine(const Shape& shape, int64_t groups, const float* weight, const float* bias,
                                 double epsilon, const std::vector<Sums>& sums) {
    const int64_t padded = shape.blocks() * shape.unit, size = shape.channels / groups;
    const double count = static_cast<double>(size * shape.height * shape.width);
    std::vector<Affine> result(sums.size());
    for (int64_t b = 0; b < shape.batch; ++b) {
        for (int64_t g = 0; g < groups; ++g) {
            Sums total;
            for (int64_t c = g * size; c < (g + 1) * size; ++c) {
                total.sum += sums[static_cast<size_t>(b * padded + c)].sum;
                total.squares += sums[static_cast<size_t>(b * padded + c)].squares;
            }
            const double mean = total.sum / count;
            const double variance = std::max(total.squares / count - mean * mean, 0.0);
            for (int64_t c = g * size; c < (g + 1) * size; ++c) {
                const double scale = (weight ? weight[c] : 1) / std::sqrt(variance + epsilon);
                const double shift = (bias ? bias[c] : 0) - mean * scale;
                result[static_cast<size_t>(b * padded + c)] = {static_cast<float>(scale), static_cast<float>(shift)};
            }
        }
    }
    return result;
}

// As PyTorch's nearest_idx: the same roundings, in float.
int64_t nearest(int64_t index, int64_t source, int64_t target, double scale) {
    if (target == source) return index;
    if (target == 2 * source) return index >> 1;
    const float step =
        scale > 0 ? static_cast<float>(1.0 / scale) : static_cast<float>(source) / static_cast<float>(target);
    return std::min(static_cast<int64_t>(std::floor(static_cast<float>(index) * step)), source - 1);
}

}  // namespace

void group_norm(const Shape& shape, int64_t groups, const float* weight, const float* bias, double epsilon, int threads,
                const float* source, float* target) {
    const auto affine = group_affine(shape, groups, weight, bias, epsilon, channel_sums(shape, threads, source));
    const int64_t unit = shape.unit, pixels = shape.height * shape.width;
    parallel_for(threads, shape.batch * shape.blocks(), 1, [&](int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            const Affine* const channel = affine.data() + b * unit;
            for (int64_t i = b * pixels * unit; i < (b + 1) * pixels * unit; i += unit) {
                for (int64_t c = 0; c < unit; ++c) target[i + c] = source[i + c] * channel[c].scale + channel[c].shift;
            }
        }
    });
}

void upsample_nearest(const Shape& shape, int64_t height, int64_t width, double scale_height, double scale_width,
                      int threads, const float* source, float* target) {
    const int64_t unit = shape.unit;
    std::vector<int64_t> columns(static_cast<size_t>(width));
    for (int64_t x = 0; x < width; ++x) {
        columns[static_cast<size_t>(x)] = nearest(x, shape.width, width, scale_width) * unit;
    }
    parallel_for(threads, shape.batch * shape.blocks() * height, 8, [&](int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row) {
            const int64_t y = nearest(row % height, shape.height, height, scale_height);
            const float* line = source + (row / height * shape.height + y) * shape.width * unit;
            float* out = target + row * width * unit;
            for (int64_t x = 0; x < width; ++x) {
                std::memcpy(out + x * unit, line + columns[static_cast<size_t>(x)],
                            static_cast<size_t>(unit) * sizeof(float));
            }
        }
    });
}

}  // namespace mdt::blocked
