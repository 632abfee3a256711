#include "onednn.h"

#include <dnnl.hpp>
#include <stdexcept>
#include <unordered_map>

namespace mdt::onednn {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;
constexpr auto Float = memory::data_type::f32;
constexpr auto Inference = dnnl::prop_kind::forward_inference;

const dnnl::engine& engine() {
    static const dnnl::engine instance(dnnl::engine::kind::cpu, 0);
    return instance;
}

dnnl::stream& stream() {
    static thread_local dnnl::stream instance(engine());
    return instance;
}

// ---- What versions 2 and 3 call differently -------------------------------------------------------------------

// The description of an operation, made of what both versions take, in that order.
template <typename Primitive, typename... Details>
typename Primitive::primitive_desc describe(const dnnl::primitive_attr& attributes, const Details&... details) {
#if DNNL_VERSION_MAJOR >= 3
    return {engine(), Inference, details..., attributes};
#else
    return {typename Primitive::desc(Inference, details...), attributes, engine()};
#endif
}

void append(dnnl::post_ops& operations, dnnl::algorithm algorithm, float alpha, float beta) {
#if DNNL_VERSION_MAJOR >= 3
    operations.append_eltwise(algorithm, alpha, beta);
#else
    operations.append_eltwise(1.0f, algorithm, alpha, beta);
#endif
}

dnnl::eltwise_forward::primitive_desc eltwise(dnnl::algorithm algorithm, const memory::desc& map, float alpha,
                                              float beta) {
#if DNNL_VERSION_MAJOR >= 3
    return describe<dnnl::eltwise_forward>({}, algorithm, map, map, alpha, beta);
#else
    return describe<dnnl::eltwise_forward>({}, algorithm, map, alpha, beta);
#endif
}

// Both take a dilation, 0 for none: version 2 under a name of its own.
#if DNNL_VERSION_MAJOR >= 3
using Pooling = dnnl::pooling_forward;
#else
using Pooling = dnnl::pooling_v2_forward;
#endif

// ---------------------------------------------------------------------------------------------------------------

Tag tag_of(Layout layout) {
    switch (layout) {
        case Layout::Planes: return Tag::nchw;
        case Layout::ChannelsLast: return Tag::nhwc;
        case Layout::Blocked: break;
    }
    return block() == 16 ? Tag::nChw16c : Tag::nChw8c;
}

memory::desc desc_of(const Sizes& sizes, Layout layout) {
    return {{sizes.batch, sizes.channels, sizes.height, sizes.width}, Float, tag_of(layout)};
}

// oneDNN takes pointers to sources as it takes those to targets.
memory memory_of(const memory::desc& desc, const void* data) { return {desc, engine(), const_cast<void*>(data)}; }

void execute(const dnnl::primitive& primitive, const Arguments& arguments) {
    primitive.execute(stream(), arguments);
    stream().wait();
}

void copy(memory source, memory target) {
    dnnl::reorder(source, target).execute(stream(), source, target);
    stream().wait();
}

struct Eltwise {
    dnnl::algorithm algorithm;
    float alpha, beta;
};

Eltwise eltwise_of(const ActivationOptions& activation) {
    switch (activation.kind) {
        case Activation::Relu: return {dnnl::algorithm::eltwise_relu, 0, 0};
        case Activation::LeakyRelu: return {dnnl::algorithm::eltwise_relu, activation.alpha, 0};
        case Activation::Sigmoid: return {dnnl::algorithm::eltwise_logistic, 0, 0};
        case Activation::Silu: return {dnnl::algorithm::eltwise_swish, 1, 0};
        // x * clip(alpha * x + beta, 0, 1); version 2 has these constants built in and reads none.
        case Activation::HardSwish: return {dnnl::algorithm::eltwise_hardswish, 1.0f / 6, 0.5f};
        case Activation::Mish: return {dnnl::algorithm::eltwise_mish, 0, 0};
        case Activation::Elu: return {dnnl::algorithm::eltwise_elu, activation.alpha, 0};
        case Activation::Clip: return {dnnl::algorithm::eltwise_clip, activation.alpha, activation.beta};
        case Activation::None: break;
    }
    throw std::logic_error("oneDNN: no activation was given");
}

dnnl::primitive_attr attributes_of(const ConvolutionProblem& problem) {
    dnnl::post_ops operations;
    if (problem.accumulates) operations.append_sum(1.0f);
    if (problem.activation.kind != Activation::None) {
        const Eltwise e = eltwise_of(problem.activation);
        append(operations, e.algorithm, e.alpha, e.beta);
    }
    dnnl::primitive_attr result;
    result.set_post_ops(operations);
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return result;
}

// A window in oneDNN's words: a dilation of 0 is none, and the padding at the end is what the target's size needs.
struct Steps {
    memory::dims stride, kernel, dilation, begin, end;
};

Steps steps_of(const Window& window, const Sizes& source, const Sizes& target) {
    Steps steps;
    const int64_t from[] = {source.height, source.width}, to[] = {target.height, target.width};
    for (size_t axis = 0; axis < 2; ++axis) {
        const int64_t reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
        steps.stride.push_back(window.stride[axis]);
        steps.kernel.push_back(window.kernel[axis]);
        steps.dilation.push_back(window.dilation[axis] - 1);
        steps.begin.push_back(window.padding[axis]);
        steps.end.push_back((to[axis] - 1) * window.stride[axis] + reach - from[axis] - window.padding[axis]);
    }
    return steps;
}

class DirectConvolution final : public Convolution {
public:
    DirectConvolution(const dnnl::convolution_forward::primitive_desc& choice, memory::desc plain_weights)
        : primitive_(choice),
          source_(choice.src_desc()),
          weights_(choice.weights_desc()),
          bias_(choice.bias_desc()),
          target_(choice.dst_desc()),
          scratch_(choice.scratchpad_desc()),
          plain_weights_(std::move(plain_weights)) {}

    bool packs_as(const Convolution& other) const override {
        return weights_ == static_cast<const DirectConvolution&>(other).weights_;
    }

    size_t packed_bytes() const override { return weights_.get_size(); }

    void pack(const float* weights, float* packed) const override {
        copy(memory_of(plain_weights_, weights), memory_of(weights_, packed));
    }

    size_t target_bytes() const override { return target_.get_size(); }
    size_t scratch_bytes() const override { return scratch_.get_size(); }

    void run(const float* source, const float* packed, const float* bias, float* target, void* scratch) const override {
        execute(primitive_, {{DNNL_ARG_SRC, memory_of(source_, source)},
                             {DNNL_ARG_WEIGHTS, memory_of(weights_, packed)},
                             {DNNL_ARG_BIAS, memory_of(bias_, bias)},
                             {DNNL_ARG_DST, memory_of(target_, target)},
                             {DNNL_ARG_SCRATCHPAD, memory_of(scratch_, scratch)}});
    }

private:
    dnnl::convolution_forward primitive_;
    memory::desc source_, weights_, bias_, target_, scratch_;
    memory::desc plain_weights_;
};

}  // namespace

std::string version() {
    const dnnl_version_t* const v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

int64_t block() {
    static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return avx512 ? 16 : 8;
}

void reorder(const Sizes& sizes, Layout from, const float* source, Layout to, float* target) {
    copy(memory_of(desc_of(sizes, from), source), memory_of(desc_of(sizes, to), target));
}

void activate(const Sizes& sizes, const ActivationOptions& activation, const float* source, float* target) {
    const memory::desc map = desc_of(sizes, Layout::Blocked);
    const Eltwise e = eltwise_of(activation);
    execute(dnnl::eltwise_forward(eltwise(e.algorithm, map, e.alpha, e.beta)),
            {{DNNL_ARG_SRC, memory_of(map, source)}, {DNNL_ARG_DST, memory_of(map, target)}});
}

void max_pool(const Sizes& source_sizes, const Sizes& target_sizes, const Window& window, const float* source,
              float* target) {
    const memory::desc from = desc_of(source_sizes, Layout::Blocked), to = desc_of(target_sizes, Layout::Blocked);
    const Steps steps = steps_of(window, source_sizes, target_sizes);
    execute(Pooling(describe<Pooling>({}, dnnl::algorithm::pooling_max, from, to, steps.stride, steps.kernel,
                                      steps.dilation, steps.begin, steps.end)),
            {{DNNL_ARG_SRC, memory_of(from, source)}, {DNNL_ARG_DST, memory_of(to, target)}});
}

std::shared_ptr<const Convolution> make_convolution(const ConvolutionProblem& problem) {
    const int64_t groups = problem.groups;
    const int64_t outputs = problem.target.channels, inputs = problem.source.channels / groups;
    const int64_t height = problem.window.kernel[0], width = problem.window.kernel[1];
    const memory::dims weight_dims = groups > 1 ? memory::dims{groups, outputs / groups, inputs, height, width}
                                                : memory::dims{outputs, inputs, height, width};
    const memory::desc source = desc_of(problem.source, problem.source_layout);
    const memory::desc target = desc_of(problem.target, Layout::Blocked);
    const memory::desc weights(weight_dims, Float, Tag::any), bias({outputs}, Float, Tag::x);
    const Steps steps = steps_of(problem.window, problem.source, problem.target);
    try {
        const auto choice = describe<dnnl::convolution_forward>(
            attributes_of(problem), dnnl::algorithm::convolution_direct, source, weights, bias, target, steps.stride,
            steps.dilation, steps.begin, steps.end);
        // The reference implementation takes anything, at a hundredth of the speed.
        if (std::string(choice.impl_info_str()).rfind("ref", 0) == 0) return nullptr;
        const memory::desc plain(weight_dims, Float, groups > 1 ? Tag::goihw : Tag::oihw);
        return std::make_shared<DirectConvolution>(choice, plain);
    } catch (const dnnl::error& error) {
        if (error.status == dnnl_unimplemented) return nullptr;
        throw;
    }
}

}  // namespace mdt::onednn
