#include "dense.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <string>

#include "winograd.h"

namespace mdt::dense {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto Float = memory::data_type::f32;

const dnnl::engine& engine() {
    static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
    return instance;
}

dnnl::stream& stream() {
    static thread_local dnnl::stream instance(engine());
    return instance;
}

bool has_avx512() {
    static const bool result = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return result;
}

int64_t block() { return has_avx512() ? 16 : 8; }
Tag blocked() { return has_avx512() ? Tag::nChw16c : Tag::nChw8c; }
int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }
int64_t blocks(const Map& map) { return round_up(map.channels, block()) / block(); }

memory::dims dims_of(const Map& map) { return {map.batch, map.channels, map.height, map.width}; }
memory::desc desc_of(const Map& map) { return {dims_of(map), Float, blocked()}; }
memory memory_of(const Map& map) { return {desc_of(map), engine(), map.storage.data_ptr()}; }

at::Tensor floats(int64_t count) { return at::empty({count}, at::kFloat); }

at::Tensor storage_for(const memory::desc& desc) {
    return floats(static_cast<int64_t>((desc.get_size() + sizeof(float) - 1) / sizeof(float)));
}

Map empty_map(int64_t batch, int64_t channels, int64_t height, int64_t width) {
    return {floats(batch * round_up(channels, block()) * height * width), batch, channels, height, width};
}

using Arguments = std::unordered_map<int, memory>;

void execute(const dnnl::primitive& primitive, const Arguments& arguments) {
    primitive.execute(stream(), arguments);
    stream().wait();
}

void reorder(memory source, memory target) {
    dnnl::reorder(source, target).execute(stream(), source, target);
    stream().wait();
}

dnnl::algorithm algorithm_of(Activation kind) {
    switch (kind) {
        case Activation::Relu:
        case Activation::LeakyRelu: return dnnl::algorithm::eltwise_relu;
        case Activation::Sigmoid: return dnnl::algorithm::eltwise_logistic;
        case Activation::Silu: return dnnl::algorithm::eltwise_swish;
        case Activation::HardSwish: return dnnl::algorithm::eltwise_hardswish;
        case Activation::Mish: return dnnl::algorithm::eltwise_mish;
        case Activation::Elu: return dnnl::algorithm::eltwise_elu;
        case Activation::Clip: return dnnl::algorithm::eltwise_clip;
        case Activation::None: break;
    }
    return dnnl::algorithm::undef;
}

dnnl::primitive_attr attributes(const ConvolutionOptions& options) {
    dnnl::post_ops operations;
    if (options.has_addend) operations.append_sum(1.0f);
    const auto& activation = options.activation;
    if (activation.kind != Activation::None) {
        operations.append_eltwise(1.0f, algorithm_of(activation.kind), activation.alpha, activation.beta);
    }
    dnnl::primitive_attr result;
    result.set_post_ops(operations);
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return result;
}

bool same_sizes(const Map& a, const Map& b) { return dims_of(a) == dims_of(b); }

}  // namespace

bool available() { return winograd::kernel() != nullptr; }

bool accepts(const at::Tensor& tensor) {
    return tensor.defined() && tensor.dim() == 4 && tensor.scalar_type() == at::kFloat && tensor.device().is_cpu() &&
           tensor.layout() == at::kStrided && tensor.numel() > 0;
}

Map from_plain(const at::Tensor& tensor) {
    const bool last = tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor source = last ? tensor : tensor.contiguous();
    const auto s = source.sizes();
    Map map = empty_map(s[0], s[1], s[2], s[3]);
    reorder({{dims_of(map), Float, last ? Tag::nhwc : Tag::nchw}, engine(), source.data_ptr()}, memory_of(map));
    return map;
}

at::Tensor to_plain(const Map& map) {
    at::Tensor result = at::empty({map.batch, map.channels, map.height, map.width}, at::kFloat);
    reorder(memory_of(map), {{dims_of(map), Float, Tag::nchw}, engine(), result.data_ptr()});
    return result;
}

// ---- Weights --------------------------------------------------------------------------------------------------

class Weights {
public:
    Weights(at::Tensor weight, at::Tensor bias, at::Tensor scale)
        : weight_(weight.contiguous()), scale_(std::move(scale)) {
        // Rounded up to whole blocks of either width, so that kernels may read past the last channel.
        bias_ = at::zeros({round_up(weight_.size(0), 32)}, at::kFloat);
        if (bias.defined()) bias_.narrow(0, 0, weight_.size(0)).copy_(bias);
    }

    const at::Tensor& plain() const { return weight_; }
    const at::Tensor& bias() const { return bias_; }

    memory packed(const memory::desc& desc, int64_t groups) {
        for (const auto& form : forms_) {
            if (form.first == desc) return {desc, engine(), form.second.data_ptr()};
        }
        at::Tensor source = scale_.defined() ? at::mul(weight_, scale_.view({-1, 1, 1, 1})) : weight_;
        at::Tensor storage = storage_for(desc);
        const auto s = source.sizes();
        const memory::desc plain = groups > 1
                                       ? memory::desc({groups, s[0] / groups, s[1], s[2], s[3]}, Float, Tag::goihw)
                                       : memory::desc({s[0], s[1], s[2], s[3]}, Float, Tag::oihw);
        memory target(desc, engine(), storage.data_ptr());
        reorder({plain, engine(), source.data_ptr()}, target);
        forms_.emplace_back(desc, std::move(storage));
        return target;
    }

    const float* winograd(const winograd::Kernel& kernel) {
        if (!winograd_.defined()) {
            const int64_t outputs = weight_.size(0), inputs = weight_.size(1);
            winograd_ = floats(kernel.packed_floats(inputs, outputs));
            const float* scale = scale_.defined() ? scale_.data_ptr<float>() : nullptr;
            at::parallel_for(0, kernel.groups(outputs), 1, [&](int64_t first, int64_t last) {
                for (int64_t group = first; group < last; ++group) {
                    kernel.pack(weight_.data_ptr<float>(), scale, inputs, outputs, group, winograd_.data_ptr<float>());
                }
            });
        }
        return winograd_.data_ptr<float>();
    }

private:
    at::Tensor weight_, bias_, scale_, winograd_;
    std::vector<std::pair<memory::desc, at::Tensor>> forms_;
};

std::shared_ptr<Weights> make_weights(at::Tensor weight, at::Tensor bias, at::Tensor scale) {
    return std::make_shared<Weights>(std::move(weight), std::move(bias), std::move(scale));
}

// ---- Convolution ----------------------------------------------------------------------------------------------

namespace {

// Maps of few channels (the picture) stay as they are: blocks would be mostly zeros.
constexpr int64_t FewChannels = 4;
// Below this many tiles, reading the 36 / 9 times larger weights costs more than the products saved.
constexpr int64_t FewTiles = 8;
// The transformed weights of larger layers (36 floats a filter) take longer to make and read than their small maps
// save.
constexpr int64_t ManyFilters = 200'000;
constexpr size_t MostShapes = 64;

struct Prepared {
    bool fast = false;
    dnnl::convolution_forward primitive;
    memory::desc source, target;
    memory weights;
    size_t scratch_bytes = 0;
};

class FastConvolution final : public Convolution {
public:
    FastConvolution(std::shared_ptr<Weights> weights, ConvolutionOptions options)
        : weights_(std::move(weights)), options_(std::move(options)) {}

    bool run(const at::Tensor& plain, const Map& given, const Map& addend, bool addend_is_free, Map& map,
             at::Tensor& tensor) override {
        Map source = given;
        const bool direct = !source.defined() && plain.size(1) <= FewChannels && options_.groups == 1;
        if (!source.defined() && !direct) source = from_plain(plain);
        const auto sizes = direct ? plain.sizes().vec() : dims_of(source);
        if (sizes[1] != weights_->plain().size(1) * options_.groups) return false;

        Map target = result_sizes(sizes);
        if (target.height <= 0 || target.width <= 0) return false;
        if (options_.has_addend && !same_sizes(addend, target)) return false;
        if (!direct && run_winograd(source, addend, addend_is_free, target, tensor)) {
            map = tensor.defined() ? Map{} : target;
            return true;
        }

        const Prepared& prepared = prepare(sizes, direct, target);
        if (!prepared.fast) return false;
        target.storage = options_.has_addend ? accumulator(addend, addend_is_free) : storage_for(prepared.target);
        const at::Tensor input = direct ? plain.contiguous() : source.storage;
        at::Tensor scratch = at::empty({static_cast<int64_t>(prepared.scratch_bytes)}, at::kByte);
        const memory::desc bias({weights_->plain().size(0)}, Float, Tag::x);
        execute(prepared.primitive, {{DNNL_ARG_SRC, {prepared.source, engine(), input.data_ptr()}},
                                     {DNNL_ARG_WEIGHTS, prepared.weights},
                                     {DNNL_ARG_BIAS, {bias, engine(), weights_->bias().data_ptr()}},
                                     {DNNL_ARG_DST, {prepared.target, engine(), target.storage.data_ptr()}},
                                     {DNNL_ARG_SCRATCHPAD, {scratch_desc(prepared), engine(), scratch.data_ptr()}}});
        map = target;
        return true;
    }

private:
    static memory::desc scratch_desc(const Prepared& prepared) {
        return {{static_cast<memory::dim>(prepared.scratch_bytes)}, memory::data_type::u8, Tag::x};
    }

    static at::Tensor accumulator(const Map& addend, bool addend_is_free) {
        return addend_is_free ? addend.storage : addend.storage.clone();
    }

    Map result_sizes(const std::vector<int64_t>& sizes) const {
        const auto extent = [&](int axis) {
            const int64_t kernel = options_.dilation[axis] * (weights_->plain().size(axis + 2) - 1) + 1;
            return (sizes[axis + 2] + 2 * options_.padding[axis] - kernel) / options_.stride[axis] + 1;
        };
        return {{}, sizes[0], weights_->plain().size(0), extent(0), extent(1)};
    }

    bool suits_winograd(const Map& target) const {
        const auto& weight = weights_->plain();
        const auto all = [](const std::vector<int64_t>& values, int64_t value) {
            return values[0] == value && values[1] == value;
        };
        const bool simple = options_.activation.kind == Activation::None ||
                            options_.activation.kind == Activation::Relu ||
                            options_.activation.kind == Activation::LeakyRelu;
        return simple && weight.size(2) == 3 && weight.size(3) == 3 && options_.groups == 1 &&
               all(options_.stride, 1) && all(options_.padding, 1) && all(options_.dilation, 1) &&
               weight.size(0) >= 16 && weight.size(1) >= 16 && weight.size(0) * weight.size(1) <= ManyFilters &&
               (target.height + 3) / 4 * ((target.width + 3) / 4) >= FewTiles;
    }

    bool run_winograd(const Map& source, const Map& addend, bool addend_is_free, Map& target, at::Tensor& tensor) {
        if (!suits_winograd(target)) return false;
        const auto& kernel = *winograd::kernel();
        const int64_t image = target.height * target.width;
        const auto layout = options_.is_result ? winograd::Layout::Planes : winograd::Layout::Blocked;
        const int64_t blocked_floats = round_up(target.channels, block()) * image;
        const int64_t target_floats = options_.is_result ? target.channels * image : blocked_floats;
        float* output;
        if (options_.is_result) {
            tensor = at::empty({target.batch, target.channels, target.height, target.width}, at::kFloat);
            output = tensor.data_ptr<float>();
        } else {
            const bool reuse = options_.has_addend && addend_is_free;
            target.storage = reuse ? addend.storage : floats(target.batch * target_floats);
            output = target.storage.data_ptr<float>();
        }
        const auto kind = options_.activation.kind;
        const float slope = kind == Activation::None   ? 1.0f
                            : kind == Activation::Relu ? 0.0f
                                                       : options_.activation.alpha;
        const float* packed = weights_->winograd(kernel);
        const int64_t source_floats = blocks(source) * block() * image;
        for (int64_t b = 0; b < target.batch; ++b) {
            const float* addition = nullptr;
            if (options_.has_addend) {
                addition = addend.storage.data_ptr<float>() + b * blocked_floats;
            }
            run_image(kernel,
                      {source.channels, target.channels, target.height, target.width,
                       source.storage.data_ptr<float>() + b * source_floats, packed, weights_->bias().data_ptr<float>(),
                       addition, output + b * target_floats, layout, slope});
        }
        return true;
    }

    // Tiles are shared out in equal blocks; when there are too few, the groups of outputs are shared out too.
    static void run_image(const winograd::Kernel& kernel, const winograd::Problem& problem) {
        const int64_t tiles = (problem.height + 3) / 4 * ((problem.width + 3) / 4);
        const int64_t threads = at::in_parallel_region() ? 1 : at::get_num_threads();
        const int64_t groups = kernel.groups(problem.outputs);
        int64_t parts = (tiles + kernel.max_tiles - 1) / kernel.max_tiles;
        int64_t splits = 1;
        if (parts < threads) {
            splits = std::min(groups, (threads + parts - 1) / parts);
        } else {
            parts = std::min(tiles, round_up(parts, threads));
        }
        const int64_t scratch = kernel.scratch_floats(problem.inputs, (tiles + parts - 1) / parts);
        at::Tensor scratches = floats(scratch * threads);
        float* const memory = scratches.data_ptr<float>();
        const auto work = [&](int64_t item, int64_t thread) {
            const int64_t part = item / splits, split = item % splits;
            kernel.run(problem, tiles * part / parts, tiles * (part + 1) / parts, groups * split / splits,
                       groups * (split + 1) / splits, memory + thread * scratch);
        };
        const int64_t items = parts * splits;
        if (threads == 1) {
            for (int64_t item = 0; item < items; ++item) work(item, 0);
            return;
        }
        // Each thread takes the next item when it is done: a thread that the system holds up delays one item only.
        std::atomic<int64_t> next{0};
        at::parallel_for(0, threads, 1, [&](int64_t first, int64_t last) {
            for (int64_t thread = first; thread < last; ++thread) {
                for (int64_t item = next++; item < items; item = next++) work(item, thread);
            }
        });
    }

    const Prepared& prepare(const std::vector<int64_t>& sizes, bool direct, const Map& target) {
        const std::vector<int64_t> key(sizes.begin(), sizes.end());
        const auto found = prepared_.find(key);
        if (found != prepared_.end()) return found->second;
        if (prepared_.size() >= MostShapes) prepared_.clear();
        return prepared_.emplace(key, create(sizes, direct, target)).first->second;
    }

    Prepared create(const std::vector<int64_t>& sizes, bool direct, const Map& target) {
        const auto w = weights_->plain().sizes();
        const int64_t groups = options_.groups;
        const memory::dims weight_dims =
            groups > 1 ? memory::dims{groups, w[0] / groups, w[1], w[2], w[3]} : memory::dims{w[0], w[1], w[2], w[3]};
        const memory::desc source({sizes.begin(), sizes.end()}, Float, direct ? Tag::nchw : blocked());
        const memory::desc weights(weight_dims, Float, Tag::any), bias({w[0]}, Float, Tag::x);
        const memory::dims padding(options_.padding.begin(), options_.padding.end());
        memory::dims right(2);
        for (int axis = 0; axis < 2; ++axis) {
            const int64_t kernel = options_.dilation[axis] * (w[axis + 2] - 1) + 1;
            const int64_t extent = axis == 0 ? target.height : target.width;
            right[axis] = (extent - 1) * options_.stride[axis] + kernel - sizes[axis + 2] - padding[axis];
        }
        Prepared result;
        try {
            const dnnl::convolution_forward::desc desc(
                dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source, weights, bias,
                desc_of(target), {options_.stride[0], options_.stride[1]},
                {options_.dilation[0] - 1, options_.dilation[1] - 1}, padding, right);
            const dnnl::convolution_forward::primitive_desc choice(desc, attributes(options_), engine());
            // The reference implementation takes anything, at a hundredth of the speed.
            if (std::string(choice.impl_info_str()).rfind("ref", 0) == 0) return result;
            result.primitive = dnnl::convolution_forward(choice);
            result.source = choice.src_desc();
            result.target = choice.dst_desc();
            result.weights = weights_->packed(choice.weights_desc(), groups);
            result.scratch_bytes = choice.scratchpad_desc().get_size();
            result.fast = true;
        } catch (const dnnl::error&) {
            // No implementation takes these sizes: `fast` stays false, and the caller runs libtorch's.
        }
        return result;
    }

    std::shared_ptr<Weights> weights_;
    ConvolutionOptions options_;
    std::map<std::vector<int64_t>, Prepared> prepared_;
};

}  // namespace

std::unique_ptr<Convolution> make_convolution(std::shared_ptr<Weights> weights, ConvolutionOptions options) {
    return std::make_unique<FastConvolution>(std::move(weights), std::move(options));
}

// ---- The other layers -----------------------------------------------------------------------------------------

Map max_pool(const Map& source, const PoolOptions& options) {
    const auto extent = [&](int axis, int64_t size) {
        const int64_t stride = options.stride[axis], padding = options.padding[axis];
        const int64_t span = size + 2 * padding - options.kernel[axis] + (options.ceil_mode ? stride - 1 : 0);
        int64_t count = span / stride + 1;
        // As PyTorch: the last window starts inside of the map or its left padding.
        if (options.ceil_mode && (count - 1) * stride >= size + padding) --count;
        return count;
    };
    Map target = empty_map(source.batch, source.channels, extent(0, source.height), extent(1, source.width));
    const auto right = [&](int axis, int64_t size, int64_t count) {
        return (count - 1) * options.stride[axis] + options.kernel[axis] - size - options.padding[axis];
    };
    const dnnl::pooling_forward::desc desc(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, desc_of(source), desc_of(target),
        {options.stride[0], options.stride[1]}, {options.kernel[0], options.kernel[1]},
        {options.padding[0], options.padding[1]},
        {right(0, source.height, target.height), right(1, source.width, target.width)});
    execute(dnnl::pooling_forward({desc, engine()}),
            {{DNNL_ARG_SRC, memory_of(source)}, {DNNL_ARG_DST, memory_of(target)}});
    return target;
}

namespace {

struct Sums {
    double sum = 0, squares = 0;
};

// Sums over the pixels of each channel; rows in float, their sum in double. (batch x channels rounded up)
std::vector<Sums> channel_sums(const Map& source) {
    const int64_t unit = block();
    std::vector<Sums> sums(static_cast<size_t>(source.batch * blocks(source) * unit));
    const float* const data = source.storage.data_ptr<float>();
    at::parallel_for(0, source.batch * blocks(source), 1, [&](int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            for (int64_t y = 0; y < source.height; ++y) {
                float sum[16] = {}, squares[16] = {};
                const float* row = data + (b * source.height + y) * source.width * unit;
                for (int64_t x = 0; x < source.width; ++x, row += unit) {
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

std::vector<Affine> group_affine(const Map& source, int64_t groups, const at::Tensor& weight, const at::Tensor& bias,
                                 double epsilon) {
    const auto sums = channel_sums(source);
    const int64_t padded = blocks(source) * block(), size = source.channels / groups;
    const double count = static_cast<double>(size * source.height * source.width);
    std::vector<Affine> result(sums.size());
    for (int64_t b = 0; b < source.batch; ++b) {
        for (int64_t g = 0; g < groups; ++g) {
            Sums total;
            for (int64_t c = g * size; c < (g + 1) * size; ++c) {
                total.sum += sums[static_cast<size_t>(b * padded + c)].sum;
                total.squares += sums[static_cast<size_t>(b * padded + c)].squares;
            }
            const double mean = total.sum / count;
            const double variance = std::max(total.squares / count - mean * mean, 0.0);
            for (int64_t c = g * size; c < (g + 1) * size; ++c) {
                const double gamma = weight.defined() ? weight.data_ptr<float>()[c] : 1;
                const double beta = bias.defined() ? bias.data_ptr<float>()[c] : 0;
                const double scale = gamma / std::sqrt(variance + epsilon);
                result[static_cast<size_t>(b * padded + c)] = {static_cast<float>(scale),
                                                               static_cast<float>(beta - mean * scale)};
            }
        }
    }
    return result;
}

}  // namespace

Map group_norm(const Map& source, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double epsilon) {
    const auto affine = group_affine(source, groups, weight, bias, epsilon);
    Map target = empty_map(source.batch, source.channels, source.height, source.width);
    const int64_t unit = block(), pixels = source.height * source.width;
    const float* const from = source.storage.data_ptr<float>();
    float* const to = target.storage.data_ptr<float>();
    at::parallel_for(0, source.batch * blocks(source), 1, [&](int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            const Affine* const channel = affine.data() + b * unit;
            for (int64_t i = b * pixels * unit; i < (b + 1) * pixels * unit; i += unit) {
                for (int64_t c = 0; c < unit; ++c) to[i + c] = from[i + c] * channel[c].scale + channel[c].shift;
            }
        }
    });
    return target;
}

Map activate(const Map& source, const ActivationOptions& options) {
    Map target = empty_map(source.batch, source.channels, source.height, source.width);
    const dnnl::eltwise_forward::desc desc(dnnl::prop_kind::forward_inference, algorithm_of(options.kind),
                                           desc_of(source), options.alpha, options.beta);
    execute(dnnl::eltwise_forward({desc, engine()}),
            {{DNNL_ARG_SRC, memory_of(source)}, {DNNL_ARG_DST, memory_of(target)}});
    return target;
}

Map add(const Map& left, const Map& right) {
    Map target = left;
    target.storage = at::add(left.storage, right.storage);
    return target;
}

bool can_concatenate(const std::vector<Map>& maps) {
    for (const Map& map : maps) {
        const Map& first = maps.front();
        const bool fits = map.batch == first.batch && map.height == first.height && map.width == first.width;
        if (!fits || (&map != &maps.back() && map.channels % block() != 0)) return false;
    }
    return !maps.empty();
}

Map concatenate(const std::vector<Map>& maps) {
    const Map& first = maps.front();
    std::vector<at::Tensor> parts;
    int64_t channels = 0;
    for (const Map& map : maps) {
        parts.push_back(map.storage.view({map.batch, -1}));
        channels += map.channels;
    }
    return {at::cat(parts, 1).view({-1}), first.batch, channels, first.height, first.width};
}

namespace {

// As PyTorch's nearest_idx: the same roundings, in float.
int64_t nearest(int64_t index, int64_t source, int64_t target, double scale) {
    if (target == source) return index;
    if (target == 2 * source) return index >> 1;
    const float step =
        scale > 0 ? static_cast<float>(1.0 / scale) : static_cast<float>(source) / static_cast<float>(target);
    return std::min(static_cast<int64_t>(std::floor(static_cast<float>(index) * step)), source - 1);
}

}  // namespace

Map upsample_nearest(const Map& source, int64_t height, int64_t width, double scale_height, double scale_width) {
    Map target = empty_map(source.batch, source.channels, height, width);
    const int64_t unit = block();
    std::vector<int64_t> columns(static_cast<size_t>(width));
    for (int64_t x = 0; x < width; ++x) {
        columns[static_cast<size_t>(x)] = nearest(x, source.width, width, scale_width) * unit;
    }
    const float* from = source.storage.data_ptr<float>();
    float* to = target.storage.data_ptr<float>();
    at::parallel_for(0, source.batch * blocks(source) * height, 8, [&](int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row) {
            const int64_t y = nearest(row % height, source.height, height, scale_height);
            const float* line = from + (row / height * source.height + y) * source.width * unit;
            float* out = to + row * width * unit;
            for (int64_t x = 0; x < width; ++x) {
                std::memcpy(out + x * unit, line + columns[static_cast<size_t>(x)],
                            static_cast<size_t>(unit) * sizeof(float));
            }
        }
    });
    return target;
}

}  // namespace mdt::dense
