// Deformable convolution as an operator of libtorch's, "mmdetsharp::deform_conv2d": it is traced as one node, has
// gradients, and runs on every device. On the CPU in float32 by kernels of our own; elsewhere by libtorch's operators.
#include "deformable_convolution.h"
#include "kernels/deformable.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using OptionalTensor = c10::optional<at::Tensor>;

// Columns are made, multiplied and forgotten a band of rows at a time: of a whole map they are 9 times its size.
constexpr int64_t BandFloats = 8 * 1024 * 1024;

struct Options {
    std::vector<int64_t> stride, padding, dilation;
    int64_t groups, offset_groups;

    std::vector<int64_t> packed() const {
        return {stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups, offset_groups};
    }
    static Options unpacked(const std::vector<int64_t>& v) {
        return {{v[0], v[1]}, {v[2], v[3]}, {v[4], v[5]}, v[6], v[7]};
    }
    int64_t extent(int axis, int64_t size, int64_t kernel) const {
        const auto i = static_cast<size_t>(axis);
        return (size + 2 * padding[i] - dilation[i] * (kernel - 1) - 1) / stride[i] + 1;
    }
};

int threads() { return at::in_parallel_region() ? 1 : at::get_num_threads(); }

at::Tensor channels_last(const at::Tensor& map) { return map.contiguous(at::MemoryFormat::ChannelsLast); }

// ---- The CPU's kernels --------------------------------------------------------------------------------------------

// One call's geometry: the source with channels last, and per place the columns (groups, taps, channels of a group).
class Bands {
public:
    Bands(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset, const at::Tensor& mask,
          const Options& options)
        : offset_(offset), mask_(mask) {
        const int64_t unit = weight.size(1), taps = weight.size(2) * weight.size(3), channels = input.size(1);
        const auto pair = [](const std::vector<int64_t>& v) { return std::array<int64_t, 2>{v[0], v[1]}; };
        problem_.geometry = {channels,
                             input.size(2),
                             input.size(3),
                             offset.size(2),
                             offset.size(3),
                             {weight.size(2), weight.size(3)},
                             pair(options.stride),
                             pair(options.padding),
                             pair(options.dilation),
                             options.offset_groups};
        problem_.layout = {unit, unit, channels, taps * unit, unit, taps * channels};
        rows_ = std::max<int64_t>(1, BandFloats / (taps * channels * offset.size(3)));
    }

    // body(problem, image, first row, rows)
    template <typename Body>
    void each(const Body& body) {
        const int64_t height = problem_.geometry.out_height;
        for (int64_t image = 0; image < offset_.size(0); ++image) {
            problem_.offset = offset_[image].data_ptr<float>();
            problem_.mask = mask_.defined() ? mask_[image].data_ptr<float>() : nullptr;
            for (int64_t row = 0; row < height; row += rows_) {
                problem_.first_row = row;
                problem_.last_row = std::min(row + rows_, height);
                body(problem_, image, row, problem_.last_row - row);
            }
        }
    }

    // (1, taps x channels, rows, W'), channels last
    at::Tensor empty_columns(int64_t rows) const {
        const auto& g = problem_.geometry;
        return at::empty({1, g.taps() * g.channels, rows, g.out_width},
                         at::TensorOptions().dtype(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
    }

    // (O, C / groups, kh, kw) as a 1x1 kernel over columns.
    static at::Tensor flat_weight(const at::Tensor& weight) {
        return weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1, 1, 1});
    }
    static at::Tensor shaped_weight(const at::Tensor& flat, const at::Tensor& like) {
        return flat.view({like.size(0), like.size(2), like.size(3), like.size(1)}).permute({0, 3, 1, 2});
    }

private:
    at::Tensor offset_, mask_;
    mdt::deformable::Problem problem_;
    int64_t rows_;
};

at::Tensor fast_forward(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                        const at::Tensor& offset, const at::Tensor& mask, const Options& options) {
    const at::Tensor source = channels_last(input), flat = Bands::flat_weight(weight);
    at::Tensor result = at::empty({input.size(0), weight.size(0), offset.size(2), offset.size(3)}, input.options());
    Bands bands(input, weight, offset, mask, options);
    bands.each([&](const mdt::deformable::Problem& problem, int64_t image, int64_t row, int64_t rows) {
        const at::Tensor columns = bands.empty_columns(rows);
        mdt::deformable::columns(problem, threads(), source[image].data_ptr<float>(), columns.data_ptr<float>());
        result[image]
            .narrow(1, row, rows)
            .copy_(at::convolution(columns, flat, bias, {1, 1}, {0, 0}, {1, 1}, false, {0, 0}, options.groups)[0]);
    });
    return result;
}

class DeformableConvolution : public torch::autograd::Function<DeformableConvolution> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                              const OptionalTensor& bias, const at::Tensor& offset, const OptionalTensor& mask,
                              const std::vector<int64_t>& packed) {
        const at::Tensor where = offset.contiguous();
        const at::Tensor factors = mask ? mask->contiguous() : at::Tensor();
        context->save_for_backward({input, weight, where, factors});
        context->saved_data["options"] = packed;
        context->saved_data["bias"] = bias.has_value();
        return fast_forward(input, weight, bias.value_or(at::Tensor()), where, factors, Options::unpacked(packed));
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &input = saved[0], &weight = saved[1], &offset = saved[2], &mask = saved[3];
        const Options options = Options::unpacked(context->saved_data["options"].toIntVector());
        const at::Tensor gradient = gradients[0].contiguous(), source = channels_last(input);
        const at::Tensor flat = Bands::flat_weight(weight);
        const bool needs_input = context->needs_input_grad(0), needs_weight = context->needs_input_grad(1);
        // Edges are counted without the tensors that are not there.
        const bool has_bias = context->saved_data["bias"].toBool();
        const size_t edge = has_bias ? 3 : 2;
        const bool needs_offset =
            context->needs_input_grad(edge) || (mask.defined() && context->needs_input_grad(edge + 1));

        at::Tensor of_input, of_offset, of_mask, of_flat, of_bias;
        if (needs_input) of_input = at::zeros_like(source, source.options(), at::MemoryFormat::ChannelsLast);
        if (needs_weight) of_flat = at::zeros_like(flat);
        if (needs_offset) of_offset = at::empty_like(offset);
        if (needs_offset && mask.defined()) of_mask = at::empty_like(mask);
        if (has_bias && context->needs_input_grad(2)) of_bias = gradient.sum({0, 2, 3});

        Bands bands(input, weight, offset, mask, options);
        bands.each([&](const mdt::deformable::Problem& problem, int64_t image, int64_t row, int64_t rows) {
            const at::Tensor columns = bands.empty_columns(rows);
            const auto* const pixels = source[image].data_ptr<float>();
            if (needs_weight) mdt::deformable::columns(problem, threads(), pixels, columns.data_ptr<float>());
            const auto products = at::convolution_backward(
                channels_last(gradient.narrow(0, image, 1).narrow(2, row, rows)), columns, flat, c10::nullopt, {1, 1},
                {0, 0}, {1, 1}, false, {0, 0}, options.groups, {needs_input || needs_offset, needs_weight, false});
            if (needs_weight) of_flat.add_(std::get<1>(products));
            if (!needs_input && !needs_offset) return;
            const at::Tensor of_columns = channels_last(std::get<0>(products));
            const auto* const slopes = of_columns.data_ptr<float>();
            if (needs_input) {
                mdt::deformable::source_gradient(problem, threads(), slopes, of_input[image].data_ptr<float>());
            }
            if (needs_offset) {
                mdt::deformable::offset_gradient(problem, threads(), pixels, slopes, of_offset[image].data_ptr<float>(),
                                                 mask.defined() ? of_mask[image].data_ptr<float>() : nullptr);
            }
        });
        if (needs_input) of_input = of_input.contiguous();
        const at::Tensor of_weight = needs_weight ? Bands::shaped_weight(of_flat, weight).contiguous() : at::Tensor();
        return {of_input, of_weight, of_bias, of_offset, of_mask, at::Tensor()};
    }
};

// ---- Every other device and type ----------------------------------------------------------------------------------

// (B, T, H', W'): where a tap looks along one axis, in pixels, as grid_sample counts them.
at::Tensor places(const at::Tensor& moves, const Options& options, int axis, int64_t kernel, int64_t extent) {
    const auto i = static_cast<size_t>(axis);
    const int64_t outputs = moves.size(axis + 2), taps = moves.size(1), other = taps / kernel;
    const at::Tensor steps = at::arange(outputs, moves.options()) * options.stride[i] - options.padding[i];
    const at::Tensor tap = at::arange(taps, moves.options());
    const at::Tensor index = axis == 0 ? at::floor((tap + 0.5) / static_cast<double>(other))
                                       : tap - at::floor((tap + 0.5) / static_cast<double>(kernel)) * kernel;
    const at::Tensor base = (index * options.dilation[i]).view({1, -1, 1, 1}) +
                            (axis == 0 ? steps.view({1, 1, -1, 1}) : steps.view({1, 1, 1, -1}));
    return (2 * (moves + base) + 1) / static_cast<double>(extent) - 1;
}

at::Tensor composed(const at::Tensor& input, const at::Tensor& weight, const OptionalTensor& bias,
                    const at::Tensor& offset, const OptionalTensor& mask, const Options& options) {
    const int64_t batch = input.size(0), taps = weight.size(2) * weight.size(3);
    const int64_t height = offset.size(2), width = offset.size(3), groups = options.offset_groups;
    const at::Tensor moves = offset.reshape({batch * groups, taps, 2, height, width});
    const at::Tensor grid = at::stack({places(moves.select(2, 1), options, 1, weight.size(3), input.size(3)),
                                       places(moves.select(2, 0), options, 0, weight.size(2), input.size(2))},
                                      4)
                                .reshape({batch * groups, taps * height, width, 2});
    const at::Tensor source = input.reshape({batch * groups, -1, input.size(2), input.size(3)});
    // Bilinear (0), zeros outside (0), edges at the outer sides of pixels.
    at::Tensor columns = at::grid_sampler(source, grid, 0, 0, false);  // (B G, C / G, T H', W')
    columns = columns.reshape({batch * groups, -1, taps, height, width});
    if (mask) columns = columns * mask->reshape({batch * groups, 1, taps, height, width});
    columns = columns.reshape({batch, options.groups, -1, height * width});
    const at::Tensor kernel = weight.reshape({1, options.groups, weight.size(0) / options.groups, -1});
    at::Tensor result = at::matmul(kernel, columns).reshape({batch, weight.size(0), height, width});
    return bias ? result + bias->view({1, -1, 1, 1}) : result;
}

// ---- The operator -------------------------------------------------------------------------------------------------

void require_shape(const char* name, const at::Tensor& tensor, at::IntArrayRef shape) {
    TORCH_CHECK(tensor.sizes() == shape, "deform_conv2d: ", name, " must have shape ", shape, ", got ", tensor.sizes(),
                ". Make it with a convolution of the same kernel, stride, padding and dilation.");
}

void check(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset, const OptionalTensor& mask,
           const Options& o) {
    TORCH_CHECK(input.dim() == 4 && weight.dim() == 4, "deform_conv2d: input and weight must have 4 dimensions, got ",
                input.sizes(), " and ", weight.sizes(), ". Give (B, C, H, W) and (O, C / groups, kh, kw).");
    TORCH_CHECK(weight.numel() > 0 && input.size(2) > 0 && input.size(3) > 0,
                "deform_conv2d: every size but the batch must be positive, got ", input.sizes(), " and ",
                weight.sizes(), ". Correct them.");
    TORCH_CHECK(o.groups > 0 && o.offset_groups > 0 && weight.size(1) * o.groups == input.size(1) &&
                    weight.size(0) % o.groups == 0 && input.size(1) % o.offset_groups == 0,
                "deform_conv2d: groups and offset groups must divide the channels, got input ", input.sizes(),
                ", weight ", weight.sizes(), ", ", o.groups, " groups, ", o.offset_groups,
                " offset groups. Correct them.");
    const int64_t height = o.extent(0, input.size(2), weight.size(2));
    const int64_t width = o.extent(1, input.size(3), weight.size(3));
    TORCH_CHECK(height > 0 && width > 0, "deform_conv2d: the kernel must fit in the padded input, got ", input.sizes(),
                " and kernel ", weight.sizes(), ". Pad it.");
    const int64_t planes = o.offset_groups * weight.size(2) * weight.size(3);
    require_shape("offset", offset, {input.size(0), 2 * planes, height, width});
    if (mask) require_shape("mask", *mask, {input.size(0), planes, height, width});
}

bool suits_kernels(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided;
}

}  // namespace

namespace mdt {

at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const OptionalTensor& bias,
                         at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                         const at::Tensor& offset, const OptionalTensor& mask, int64_t groups, int64_t offset_groups) {
    const Options options{stride.vec(), padding.vec(), dilation.vec(), groups, offset_groups};
    check(input, weight, offset, mask, options);
    if (suits_kernels(input) && suits_kernels(weight) && suits_kernels(offset) && (!mask || suits_kernels(*mask))) {
        return DeformableConvolution::apply(input, weight, bias, offset, mask, options.packed());
    }
    return composed(input, weight, bias, offset, mask, options);
}

}  // namespace mdt

// In the order of aten::_convolution, whose place it takes in a network.
TORCH_LIBRARY(mmdetsharp, library) {
    library.def(
        "deform_conv2d(Tensor input, Tensor weight, Tensor? bias, int[2] stride, int[2] padding, int[2] dilation, "
        "Tensor offset, Tensor? mask, int groups, int offset_groups) -> Tensor",
        mdt::deform_conv2d);
}
