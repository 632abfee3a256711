// The kernel of winograd.h, compiled once for each instruction set: MDT_WIDTH floats a vector, MDT_ROWS tiles at a time
// in registers, MDT_KERNEL the name of the result. No header with inline code may come in here: the linker would be
// free to take its version for the whole library.
#include "winograd.h"

namespace mdt::winograd {
namespace {

constexpr int64_t W = MDT_WIDTH;
constexpr int64_t Rows = MDT_ROWS;
constexpr int64_t Vectors = 2;          // vectors of outputs in registers
constexpr int64_t Group = Vectors * W;  // outputs of one group
constexpr int64_t MaxTiles = 2 * Rows;
constexpr int64_t Tile = 4, Window = 6, Points = Window * Window;

typedef float Vec __attribute__((vector_size(MDT_WIDTH * 4)));
typedef float Loose __attribute__((vector_size(MDT_WIDTH * 4), aligned(4), may_alias));

inline Vec load(const float* p) { return *reinterpret_cast<const Loose*>(p); }
inline void store(float* p, Vec v) { *reinterpret_cast<Loose*>(p) = v; }

// The points are 0, +-A, +-B and infinity.
constexpr float A = 0.625f, B = 1.5f, A2 = A * A, B2 = B * B;

int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }
int64_t groups(int64_t outputs) { return (outputs + Group - 1) / Group; }
int64_t packed_floats(int64_t inputs, int64_t outputs) {
    return Points * round_up(inputs, W) * groups(outputs) * Group;
}

// One dimension of the filters' transform: three taps to six points.
inline void filter_points(const Vec* g, int64_t step, Vec* out, int64_t out_step) {
    constexpr float n0 = 1 / (A2 * B2), na = 1 / (2 * A2 * (A2 - B2)), nb = 1 / (2 * B2 * (B2 - A2));
    const Vec g0 = g[0], g1 = g[step], g2 = g[2 * step];
    out[0] = g0 * n0;
    out[out_step] = (g0 + A * g1 + A2 * g2) * na;
    out[2 * out_step] = (g0 - A * g1 + A2 * g2) * na;
    out[3 * out_step] = (g0 + B * g1 + B2 * g2) * nb;
    out[4 * out_step] = (g0 - B * g1 + B2 * g2) * nb;
    out[5 * out_step] = g2;
}

// Weights (outputs, inputs, 3, 3) times scale (outputs) -> [group][point][input][Group]; missing channels are zero.
void pack(const float* weights, const float* scale, int64_t inputs, int64_t outputs, int64_t group, float* packed) {
    const int64_t depth = round_up(inputs, W);
    packed += group * Points * depth * Group;
    for (int64_t c = 0; c < depth; ++c) {
        for (int64_t v = 0; v < Vectors; ++v) {
            const int64_t first = group * Group + v * W;
            float lanes[9][MDT_WIDTH] __attribute__((aligned(64))) = {};
            for (int64_t lane = 0; lane < W && first + lane < outputs && c < inputs; ++lane) {
                const float* filter = weights + ((first + lane) * inputs + c) * 9;
                const float factor = scale ? scale[first + lane] : 1.0f;
                for (int64_t tap = 0; tap < 9; ++tap) lanes[tap][lane] = filter[tap] * factor;
            }
            Vec taps[9], half[18], all[Points];
            for (int64_t tap = 0; tap < 9; ++tap) taps[tap] = load(lanes[tap]);
            for (int64_t x = 0; x < 3; ++x) filter_points(taps + x, 3, half + x, 3);
            for (int64_t y = 0; y < Window; ++y) filter_points(half + y * 3, 1, all + y * Window, 1);
            for (int64_t point = 0; point < Points; ++point) {
                store(packed + (point * depth + c) * Group + v * W, all[point]);
            }
        }
    }
}

// One dimension of the maps' transform: six pixels to six points.
inline void source_points(const Vec* d, int64_t step, Vec* out, int64_t out_step) {
    const Vec d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
    const Vec evenA = d4 - B2 * d2, oddA = A * (d3 - B2 * d1);
    const Vec evenB = d4 - A2 * d2, oddB = B * (d3 - A2 * d1);
    out[0] = A2 * B2 * d0 - (A2 + B2) * d2 + d4;
    out[out_step] = evenA + oddA;
    out[2 * out_step] = evenA - oddA;
    out[3 * out_step] = evenB + oddB;
    out[4 * out_step] = evenB - oddB;
    out[5 * out_step] = A2 * B2 * d1 - (A2 + B2) * d3 + d5;
}

// One dimension of the results' transform: six points to four pixels.
inline void target_pixels(const Vec* m, int64_t step, Vec* out, int64_t out_step) {
    const Vec m0 = m[0], m1 = m[step], m2 = m[2 * step], m3 = m[3 * step], m4 = m[4 * step], m5 = m[5 * step];
    const Vec sumA = m1 + m2, differenceA = m1 - m2, sumB = m3 + m4, differenceB = m3 - m4;
    out[0] = m0 + sumA + sumB;
    out[out_step] = A * differenceA + B * differenceB;
    out[2 * out_step] = A2 * sumA + B2 * sumB;
    out[3 * out_step] = A2 * A * differenceA + B2 * B * differenceB + m5;
}

struct Sizes {
    int64_t depth, tiles, source_step, target_step, tiles_x;
};

Sizes sizes_of(int64_t inputs, int64_t tiles, int64_t width) {
    const int64_t depth = round_up(inputs, W);
    // One vector more a point, else the 36 points of a tile would fall into one set of the cache.
    return {depth, tiles, depth * tiles + W, tiles * Group + W, (width + Tile - 1) / Tile};
}

int64_t scratch_floats(int64_t inputs, int64_t tiles) {
    const Sizes s = sizes_of(inputs, tiles, 1);
    return Points * (s.source_step + s.target_step) + 2 * W;
}

// A tile's window of one block of channels, zero outside of the map, to its 36 points.
inline void transform_window(const Problem& p, const float* block, int64_t top, int64_t left, float* out,
                             int64_t out_step) {
    Vec window[Points], half[Points], all[Points];
    const bool inside = top >= 0 && left >= 0 && top + Window <= p.height && left + Window <= p.width;
    if (inside) {
        for (int64_t y = 0; y < Window; ++y) {
            const float* row = block + ((top + y) * p.width + left) * W;
            for (int64_t x = 0; x < Window; ++x) window[y * Window + x] = load(row + x * W);
        }
    } else {
        for (int64_t y = 0; y < Window; ++y) {
            const bool row_inside = top + y >= 0 && top + y < p.height;
            const float* row = block + ((top + y) * p.width + left) * W;
            for (int64_t x = 0; x < Window; ++x) {
                const bool there = row_inside && left + x >= 0 && left + x < p.width;
                window[y * Window + x] = there ? load(row + x * W) : Vec{};
            }
        }
    }
    for (int64_t x = 0; x < Window; ++x) source_points(window + x, Window, half + x, Window);
    for (int64_t y = 0; y < Window; ++y) source_points(half + y * Window, 1, all + y * Window, 1);
    for (int64_t point = 0; point < Points; ++point) store(out + point * out_step, all[point]);
}

// source [point][block][tile][W]
void transform_source(const Problem& p, const Sizes& s, int64_t first, float* source) {
    for (int64_t b = 0; b < s.depth / W; ++b) {
        const float* block = p.source + b * p.height * p.width * W;
        for (int64_t t = 0; t < s.tiles; ++t) {
            const int64_t top = (first + t) / s.tiles_x * Tile - 1, left = (first + t) % s.tiles_x * Tile - 1;
            transform_window(p, block, top, left, source + (b * s.tiles + t) * W, s.source_step);
        }
    }
}

// target [tile][Group] = source [block][tile][W] x weights [input][Group] for R tiles.
template <int64_t R>
void multiply(const float* source, const float* weights, float* target, int64_t blocks, int64_t tiles) {
    Vec sum[R][Vectors] = {};
    for (int64_t b = 0; b < blocks; ++b) {
        for (int64_t c = 0; c < W; ++c) {
            const Vec w0 = load(weights), w1 = load(weights + W);
#pragma GCC unroll 16
            for (int64_t r = 0; r < R; ++r) {
                const float pixel = source[r * W + c];
                sum[r][0] += pixel * w0;
                sum[r][1] += pixel * w1;
            }
            weights += Group;
        }
        source += tiles * W;
    }
#pragma GCC unroll 16
    for (int64_t r = 0; r < R; ++r) {
        store(target + r * Group, sum[r][0]);
        store(target + r * Group + W, sum[r][1]);
    }
}

using Multiply = void (*)(const float*, const float*, float*, int64_t, int64_t);

#if MDT_ROWS == 14
constexpr Multiply multiplies[] = {multiply<1>,  multiply<2>,  multiply<3>,  multiply<4>, multiply<5>,
                                   multiply<6>,  multiply<7>,  multiply<8>,  multiply<9>, multiply<10>,
                                   multiply<11>, multiply<12>, multiply<13>, multiply<14>};
#else
constexpr Multiply multiplies[] = {multiply<1>, multiply<2>, multiply<3>, multiply<4>, multiply<5>, multiply<6>};
#endif

void multiply_points(const Sizes& s, const float* source, const float* weights, float* target) {
    // Even shares: 16 tiles go as 8 + 8, not as 14 + 2.
    const int64_t shares = (s.tiles + Rows - 1) / Rows;
    for (int64_t point = 0; point < Points; ++point) {
        int64_t done = 0;
        for (int64_t share = 0; share < shares; ++share) {
            const int64_t end = s.tiles * (share + 1) / shares;
            multiplies[end - done - 1](source + done * W, weights, target + done * Group, s.depth / W, s.tiles);
            done = end;
        }
        source += s.source_step;
        target += s.target_step;
        weights += s.depth * Group;
    }
}

typedef float Quad __attribute__((vector_size(16)));
typedef float LooseQuad __attribute__((vector_size(16), aligned(4), may_alias));
typedef int Order __attribute__((vector_size(16)));

// Four pixels side by side, each with W channels, to the planes of the first `channels` channels.
inline void store_planes(const Vec* pixels, int64_t count, float* target, int64_t plane, int64_t channels) {
    float lanes[Tile][W] __attribute__((aligned(64)));
    for (int64_t x = 0; x < Tile; ++x) store(lanes[x], pixels[x]);
    if (count < Tile || channels < W) {
        for (int64_t c = 0; c < W && c < channels; ++c) {
            for (int64_t x = 0; x < count; ++x) target[c * plane + x] = lanes[x][c];
        }
        return;
    }
    for (int64_t c = 0; c < W; c += 4) {
        Quad row[4];
        for (int64_t x = 0; x < 4; ++x) row[x] = *reinterpret_cast<const LooseQuad*>(&lanes[x][c]);
        const Order low = {0, 4, 1, 5}, high = {2, 6, 3, 7}, first = {0, 1, 4, 5}, second = {2, 3, 6, 7};
        const Quad a = __builtin_shuffle(row[0], row[1], low), b = __builtin_shuffle(row[2], row[3], low);
        const Quad d = __builtin_shuffle(row[0], row[1], high), e = __builtin_shuffle(row[2], row[3], high);
        *reinterpret_cast<LooseQuad*>(target + c * plane) = __builtin_shuffle(a, b, first);
        *reinterpret_cast<LooseQuad*>(target + (c + 1) * plane) = __builtin_shuffle(a, b, second);
        *reinterpret_cast<LooseQuad*>(target + (c + 2) * plane) = __builtin_shuffle(d, e, first);
        *reinterpret_cast<LooseQuad*>(target + (c + 3) * plane) = __builtin_shuffle(d, e, second);
    }
}

inline void finish_tile(const Problem& p, const float* points, int64_t step, int64_t top, int64_t left,
                        int64_t channel) {
    Vec all[Points], half[Tile * Window], pixels[Tile * Tile];
    for (int64_t point = 0; point < Points; ++point) all[point] = load(points + point * step);
    for (int64_t x = 0; x < Window; ++x) target_pixels(all + x, Window, half + x, Window);
    for (int64_t y = 0; y < Tile; ++y) target_pixels(half + y * Window, 1, pixels + y * Tile, 1);

    const Vec bias = load(p.bias + channel), zero = {};
    const int64_t plane = p.height * p.width;
    const int64_t bottom = top + Tile < p.height ? Tile : p.height - top;
    const int64_t right = left + Tile < p.width ? Tile : p.width - left;
    for (int64_t y = 0; y < bottom; ++y) {
        Vec* const row = pixels + y * Tile;
        const int64_t place = (top + y) * p.width + left;
        const float* const addend = p.addend ? p.addend + channel * plane + place * W : nullptr;
        for (int64_t x = 0; x < right; ++x) {
            row[x] += bias;
            if (addend) row[x] += load(addend + x * W);
            row[x] = row[x] > zero ? row[x] : row[x] * p.negative_slope;
        }
        if (p.layout == Layout::Planes) {
            store_planes(row, right, p.target + channel * plane + place, plane, p.outputs - channel);
        } else {
            for (int64_t x = 0; x < right; ++x) store(p.target + channel * plane + (place + x) * W, row[x]);
        }
    }
}

void finish_group(const Problem& p, const Sizes& s, int64_t first, int64_t group, const float* target) {
    for (int64_t v = 0; v < Vectors; ++v) {
        const int64_t channel = group * Group + v * W;
        if (channel >= p.outputs) return;
        for (int64_t t = 0; t < s.tiles; ++t) {
            const int64_t top = (first + t) / s.tiles_x * Tile, left = (first + t) % s.tiles_x * Tile;
            finish_tile(p, target + t * Group + v * W, s.target_step, top, left, channel);
        }
    }
}

void run(const Problem& p, int64_t first, int64_t last, int64_t group, int64_t group_end, float* scratch) {
    const Sizes s = sizes_of(p.inputs, last - first, p.width);
    float* source = scratch;
    float* target = scratch + Points * s.source_step;
    transform_source(p, s, first, source);
    for (int64_t g = group; g < group_end; ++g) {
        multiply_points(s, source, p.weights + g * Points * s.depth * Group, target);
        finish_group(p, s, first, g, target);
    }
}

}  // namespace

extern const Kernel MDT_KERNEL = {W, packed_floats, groups, pack, scratch_floats, run, MaxTiles};

}  // namespace mdt::winograd
