#include "deformable.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "parallel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MDT_VECTOR __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define MDT_VECTOR
#endif

namespace mdt::deformable {
namespace {

constexpr int64_t Lanes = 16;  // of a sum that is kept in vectors

// Four pixels around a place: upper left, upper right, lower left, lower right. Those outside have weight 0.
struct Sample {
    int32_t pixel[4];
    float weight[4];
};

// How the weights change along y and x.
struct Slopes {
    float y[4], x[4];
};

// A run of channels of one block, of one offset group.
struct Piece {
    int64_t group, block, lane, lanes;
};

float between(int64_t index, int64_t extent) { return index >= 0 && index < extent ? 1.0F : 0.0F; }

int32_t clamped(int64_t index, int64_t extent) {
    return static_cast<int32_t>(std::min(std::max<int64_t>(index, 0), extent - 1));
}

Sample sample_at(const Geometry& g, float y, float x, Slopes* slopes) {
    Sample sample{};
    if (slopes) *slopes = {};
    const bool inside = y > -1 && x > -1 && y < static_cast<float>(g.height) && x < static_cast<float>(g.width);
    if (!inside) {
        // A place that is no number shows: it does not count as outside.
        if (std::isnan(y) || std::isnan(x)) std::fill_n(sample.weight, 4, std::numeric_limits<float>::quiet_NaN());
        return sample;
    }
    const float floor_y = std::floor(y), floor_x = std::floor(x);
    const auto top = static_cast<int64_t>(floor_y), left = static_cast<int64_t>(floor_x);
    const float down = y - floor_y, right = x - floor_x;
    const float of_y[2] = {1 - down, down}, of_x[2] = {1 - right, right}, sign[2] = {-1, 1};
    for (int64_t i = 0; i < 4; ++i) {
        const int64_t row = i / 2, column = i % 2;
        const float is_there = between(top + row, g.height) * between(left + column, g.width);
        sample.pixel[i] =
            clamped(top + row, g.height) * static_cast<int32_t>(g.width) + clamped(left + column, g.width);
        sample.weight[i] = is_there * of_y[row] * of_x[column];
        if (slopes) {
            slopes->y[i] = is_there * sign[row] * of_x[column];
            slopes->x[i] = is_there * sign[column] * of_y[row];
        }
    }
    return sample;
}

bool is_outside(const Sample& s) {
    return s.weight[0] == 0 && s.weight[1] == 0 && s.weight[2] == 0 && s.weight[3] == 0;
}

// The first value of a row of a plane of offsets; its mask stands at mask_row.
int64_t offset_row(const Geometry& g, int64_t group, int64_t tap, int64_t axis, int64_t y) {
    return (((group * g.taps() + tap) * 2 + axis) * g.out_height + y) * g.out_width;
}

int64_t mask_row(const Geometry& g, int64_t group, int64_t tap, int64_t y) {
    return ((group * g.taps() + tap) * g.out_height + y) * g.out_width;
}

// The samples of one tap in one row of outputs, without the mask.
void samples_of_row(const Problem& problem, int64_t group, int64_t tap, int64_t y, Sample* samples, Slopes* slopes) {
    const Geometry& g = problem.geometry;
    const float* const move_y = problem.offset + offset_row(g, group, tap, 0, y);
    const float* const move_x = problem.offset + offset_row(g, group, tap, 1, y);
    const int64_t base_y = y * g.stride[0] - g.padding[0] + tap / g.kernel[1] * g.dilation[0];
    const int64_t base_x = tap % g.kernel[1] * g.dilation[1] - g.padding[1];
    for (int64_t x = 0; x < g.out_width; ++x) {
        samples[x] = sample_at(g, static_cast<float>(base_y) + move_y[x],
                               static_cast<float>(base_x + x * g.stride[1]) + move_x[x], slopes ? slopes + x : nullptr);
    }
}

void apply_mask(const Problem& problem, int64_t group, int64_t tap, int64_t y, Sample* samples) {
    if (!problem.mask) return;
    const float* const mask = problem.mask + mask_row(problem.geometry, group, tap, y);
    for (int64_t x = 0; x < problem.geometry.out_width; ++x) {
        for (float& weight : samples[x].weight) weight *= mask[x];
    }
}

// All channels, each run of at most `most`. The last group takes the padding of the last block as well.
std::vector<Piece> pieces(const Problem& problem, int64_t most) {
    const Geometry& g = problem.geometry;
    const int64_t unit = problem.layout.unit, of_group = g.channels / g.offset_groups;
    const int64_t padded = (g.channels + unit - 1) / unit * unit;
    std::vector<Piece> result;
    for (int64_t group = 0; group < g.offset_groups; ++group) {
        const int64_t last = group + 1 == g.offset_groups ? padded : (group + 1) * of_group;
        for (int64_t channel = group * of_group; channel < last;) {
            const int64_t lane = channel % unit;
            const int64_t lanes = std::min({most, last - channel, unit - lane});
            result.push_back({group, channel / unit, lane, lanes});
            channel += lanes;
        }
    }
    return result;
}

// ---- Inner loops: a row of samples, the channels of one piece -----------------------------------------------------

MDT_VECTOR
void gather(const Sample* samples, int64_t count, int64_t lanes, const float* source, int64_t pixel, float* target,
            int64_t place) {
    for (int64_t i = 0; i < count; ++i) {
        const Sample& s = samples[i];
        float* __restrict const out = target + i * place;
        if (is_outside(s)) {
            std::memset(out, 0, static_cast<size_t>(lanes) * sizeof(float));
            continue;
        }
        const float *const a = source + s.pixel[0] * pixel, *const b = source + s.pixel[1] * pixel;
        const float *const c = source + s.pixel[2] * pixel, *const d = source + s.pixel[3] * pixel;
        const float wa = s.weight[0], wb = s.weight[1], wc = s.weight[2], wd = s.weight[3];
        for (int64_t u = 0; u < lanes; ++u) out[u] = wa * a[u] + wb * b[u] + wc * c[u] + wd * d[u];
    }
}

MDT_VECTOR
void scatter(const Sample* samples, int64_t count, int64_t lanes, const float* gradient, int64_t place, float* target,
             int64_t pixel) {
    for (int64_t i = 0; i < count; ++i) {
        const float* __restrict const g = gradient + i * place;
        for (int64_t corner = 0; corner < 4; ++corner) {
            const float weight = samples[i].weight[corner];
            if (weight == 0) continue;
            float* __restrict const out = target + samples[i].pixel[corner] * pixel;
            for (int64_t u = 0; u < lanes; ++u) out[u] += weight * g[u];
        }
    }
}

// Adds gradient . pixel for the four pixels of each sample to `products`.
MDT_VECTOR
void multiply(const Sample* samples, int64_t count, int64_t lanes, const float* source, int64_t pixel,
              const float* gradient, int64_t place, float* products) {
    for (int64_t i = 0; i < count; ++i) {
        const float* const g = gradient + i * place;
        for (int64_t corner = 0; corner < 4; ++corner) {
            const float* const v = source + samples[i].pixel[corner] * pixel;
            float sums[Lanes] = {};
            int64_t u = 0;
            for (; u + Lanes <= lanes; u += Lanes) {
                for (int64_t k = 0; k < Lanes; ++k) sums[k] += g[u + k] * v[u + k];
            }
            float sum = 0;
            for (; u < lanes; ++u) sum += g[u] * v[u];
            for (int64_t k = 0; k < Lanes; ++k) sum += sums[k];
            products[i * 4 + corner] += sum;
        }
    }
}

float dot(const float* a, const float* b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]; }

// Pieces of one group, from all, which are sorted by it.
template <typename Body>
void each_of_group(const std::vector<Piece>& all, int64_t group, const Body& body) {
    for (const Piece& piece : all) {
        if (piece.group == group) body(piece);
    }
}

}  // namespace

void columns(const Problem& problem, int threads, const float* source, float* columns) {
    const Geometry& g = problem.geometry;
    const Layout& l = problem.layout;
    const auto all = pieces(problem, l.unit);
    const int64_t rows = problem.last_row - problem.first_row;
    parallel_for(threads, g.offset_groups * rows, 1, [&](int64_t first, int64_t last) {
        std::vector<Sample> samples(static_cast<size_t>(g.out_width));
        for (int64_t task = first; task < last; ++task) {
            const int64_t group = task / rows, row = task % rows, y = problem.first_row + row;
            for (int64_t tap = 0; tap < g.taps(); ++tap) {
                samples_of_row(problem, group, tap, y, samples.data(), nullptr);
                apply_mask(problem, group, tap, y, samples.data());
                float* const target = columns + row * g.out_width * l.column_place + tap * l.column_tap;
                each_of_group(all, group, [&](const Piece& p) {
                    gather(samples.data(), g.out_width, p.lanes, source + p.block * l.source_block + p.lane,
                           l.source_pixel, target + p.block * l.column_block + p.lane, l.column_place);
                });
            }
        }
    });
}

void source_gradient(const Problem& problem, int threads, const float* of_columns, float* of_source) {
    const Geometry& g = problem.geometry;
    const Layout& l = problem.layout;
    const int64_t rows = problem.last_row - problem.first_row, lines = g.offset_groups * g.taps() * rows;
    std::vector<Sample> samples(static_cast<size_t>(lines * g.out_width));
    parallel_for(threads, lines, 1, [&](int64_t first, int64_t last) {
        for (int64_t line = first; line < last; ++line) {
            const int64_t group = line / rows / g.taps(), tap = line / rows % g.taps();
            const int64_t y = problem.first_row + line % rows;
            samples_of_row(problem, group, tap, y, samples.data() + line * g.out_width, nullptr);
            apply_mask(problem, group, tap, y, samples.data() + line * g.out_width);
        }
    });
    // Each thread has channels of its own: two outputs may add to one pixel.
    const int64_t share = (g.channels + threads - 1) / threads;
    const auto all = pieces(problem, (share + Lanes - 1) / Lanes * Lanes);
    parallel_for(threads, static_cast<int64_t>(all.size()), 1, [&](int64_t first, int64_t last) {
        for (int64_t i = first; i < last; ++i) {
            const Piece& p = all[static_cast<size_t>(i)];
            float* const target = of_source + p.block * l.source_block + p.lane;
            for (int64_t row = 0; row < rows; ++row) {
                for (int64_t tap = 0; tap < g.taps(); ++tap) {
                    const float* const gradient = of_columns + p.block * l.column_block + p.lane +
                                                  row * g.out_width * l.column_place + tap * l.column_tap;
                    scatter(samples.data() + ((p.group * g.taps() + tap) * rows + row) * g.out_width, g.out_width,
                            p.lanes, gradient, l.column_place, target, l.source_pixel);
                }
            }
        }
    });
}

void offset_gradient(const Problem& problem, int threads, const float* source, const float* of_columns,
                     float* of_offset, float* of_mask) {
    const Geometry& g = problem.geometry;
    const Layout& l = problem.layout;
    const auto all = pieces(problem, l.unit);
    const int64_t rows = problem.last_row - problem.first_row;
    parallel_for(threads, g.offset_groups * rows, 1, [&](int64_t first, int64_t last) {
        const auto width = static_cast<size_t>(g.out_width);
        std::vector<Sample> samples(width);
        std::vector<Slopes> slopes(width);
        std::vector<float> products(width * 4);
        for (int64_t task = first; task < last; ++task) {
            const int64_t group = task / rows, row = task % rows, y = problem.first_row + row;
            for (int64_t tap = 0; tap < g.taps(); ++tap) {
                samples_of_row(problem, group, tap, y, samples.data(), slopes.data());
                std::fill(products.begin(), products.end(), 0.0F);
                const float* const gradient = of_columns + row * g.out_width * l.column_place + tap * l.column_tap;
                each_of_group(all, group, [&](const Piece& p) {
                    multiply(samples.data(), g.out_width, p.lanes, source + p.block * l.source_block + p.lane,
                             l.source_pixel, gradient + p.block * l.column_block + p.lane, l.column_place,
                             products.data());
                });
                const int64_t masks = mask_row(g, group, tap, y);
                float* const of_y = of_offset + offset_row(g, group, tap, 0, y);
                float* const of_x = of_offset + offset_row(g, group, tap, 1, y);
                for (size_t x = 0; x < width; ++x) {
                    const float* const product = products.data() + x * 4;
                    const float mask = problem.mask ? problem.mask[masks + static_cast<int64_t>(x)] : 1;
                    of_y[x] = mask * dot(slopes[x].y, product);
                    of_x[x] = mask * dot(slopes[x].x, product);
                    if (of_mask) of_mask[masks + static_cast<int64_t>(x)] = dot(samples[x].weight, product);
                }
            }
        }
    });
}

}  // namespace mdt::deformable
