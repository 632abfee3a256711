#include "convolution.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

namespace mdt::dense {
namespace {

// Maps of few channels (the image) stay as they are: blocks would be mostly zeros.
constexpr int64_t FewChannels = 4;
// Below this many tiles, reading the 36 / 9 times larger weights costs more than the products saved.
constexpr int64_t FewTiles = 8;
// The transformed weights of larger layers (36 floats a filter) take longer to make and read than their small maps
// save.
constexpr int64_t ManyFilters = 200'000;
constexpr int64_t WinogradChannels = 16;
constexpr size_t MostShapes = 64;

bool all(const std::array<int64_t, 2>& values, int64_t value) { return values[0] == value && values[1] == value; }

// As Winograd's kernels say it: 1 for no activation, 0 for ReLU.
float negative_slope(const ActivationOptions& activation) {
    switch (activation.kind) {
        case Activation::None: return 1;
        case Activation::Relu: return 0;
        default: return activation.alpha;
    }
}

at::Tensor accumulator(const Map& addend, bool is_free) { return is_free ? addend.storage : addend.storage.clone(); }

}  // namespace

onednn::Window Convolution::window() const {
    const auto& weight = weights_->plain();
    return {{weight.size(2), weight.size(3)}, options_.stride, options_.padding, options_.dilation};
}

Sizes Convolution::target_sizes(const Sizes& source) const {
    const onednn::Window w = window();
    const auto extent = [&](size_t axis, int64_t size) {
        const int64_t reach = w.dilation[axis] * (w.kernel[axis] - 1) + 1;
        const int64_t room = size + 2 * w.padding[axis] - reach;
        return room < 0 ? 0 : room / w.stride[axis] + 1;
    };
    return {source.batch, weights_->plain().size(0), extent(0, source.height), extent(1, source.width)};
}

bool Convolution::run(const at::Tensor& plain, const Map& given, const Map& addend, bool addend_is_free, Map& map,
                      at::Tensor& tensor) {
    Map source = given;
    const bool direct = !source.defined() && plain.size(1) <= FewChannels && options_.groups == 1;
    if (!source.defined() && !direct) source = from_plain(plain);
    const Sizes sizes = direct ? sizes_of(plain) : source.sizes;
    if (sizes.channels != weights_->plain().size(1) * options_.groups) return false;
    Map target{{}, target_sizes(sizes)};
    if (target.sizes.height <= 0 || target.sizes.width <= 0) return false;
    if (options_.has_addend && !(addend.sizes == target.sizes)) return false;

    if (!direct && suits_winograd(target.sizes)) {
        run_winograd(source, addend, addend_is_free, target, tensor);
        map = target;
        return true;
    }
    const auto& convolution = prepared(sizes, direct, target.sizes);
    if (!convolution) return false;
    target.storage = options_.has_addend ? accumulator(addend, addend_is_free)
                                         : floats(static_cast<int64_t>(convolution->target_bytes() / sizeof(float)));
    const at::Tensor input = direct ? plain.contiguous() : source.storage;
    const at::Tensor scratch = at::empty({static_cast<int64_t>(convolution->scratch_bytes())}, at::kByte);
    convolution->run(input.data_ptr<float>(), weights_->packed(convolution), weights_->bias(), target.data(),
                     scratch.data_ptr());
    map = target;
    return true;
}

bool Convolution::suits_winograd(const Sizes& target) const {
    const auto kind = options_.activation.kind;
    const bool simple = kind == Activation::None || kind == Activation::Relu || kind == Activation::LeakyRelu;
    const onednn::Window w = window();
    const int64_t outputs = weights_->plain().size(0), inputs = weights_->plain().size(1);
    return simple && all(w.kernel, 3) && options_.groups == 1 && all(w.stride, 1) && all(w.padding, 1) &&
           all(w.dilation, 1) && outputs >= WinogradChannels && inputs >= WinogradChannels &&
           outputs * inputs <= ManyFilters && (target.height + 3) / 4 * ((target.width + 3) / 4) >= FewTiles;
}

// Leaves the result in `tensor` when it is one of the network's, else in `target`.
void Convolution::run_winograd(const Map& source, const Map& addend, bool addend_is_free, Map& target,
                               at::Tensor& tensor) {
    const auto& kernel = *winograd::kernel();
    const Sizes& s = target.sizes;
    const int64_t pixels = s.height * s.width;
    const int64_t map_floats = target.padded_channels() * pixels;  // of one image
    const int64_t result_floats = options_.is_result ? s.channels * pixels : map_floats;
    if (options_.is_result) {
        tensor = at::empty({s.batch, s.channels, s.height, s.width}, at::kFloat);
    } else {
        const bool reuse = options_.has_addend && addend_is_free;
        target.storage = reuse ? addend.storage : floats(s.batch * map_floats);
    }
    winograd::Problem problem{source.sizes.channels,
                              s.channels,
                              s.height,
                              s.width,
                              source.data(),
                              weights_->winograd(kernel),
                              weights_->bias(),
                              options_.has_addend ? addend.data() : nullptr,
                              options_.is_result ? tensor.data_ptr<float>() : target.data(),
                              options_.is_result ? winograd::Layout::Planes : winograd::Layout::Blocked,
                              negative_slope(options_.activation)};
    const int threads = at::in_parallel_region() ? 1 : at::get_num_threads();
    const at::Tensor scratch = floats(winograd::scratch_floats(kernel, problem, threads));
    for (int64_t b = 0; b < s.batch; ++b) {
        winograd::run(kernel, problem, threads, scratch.data_ptr<float>());
        problem.source += source.padded_channels() * pixels;
        if (problem.addend) problem.addend += map_floats;
        problem.target += result_floats;
    }
}

const std::shared_ptr<const onednn::Convolution>& Convolution::prepared(const Sizes& source, bool direct,
                                                                        const Sizes& target) {
    const Key key{source.batch, source.channels, source.height, source.width};
    const auto found = prepared_.find(key);
    if (found != prepared_.end()) return found->second;
    if (prepared_.size() >= MostShapes) prepared_.clear();
    const auto layout = direct ? onednn::Layout::Planes : onednn::Layout::Blocked;
    return prepared_[key] = onednn::make_convolution(
               {source, target, layout, window(), options_.groups, options_.activation, options_.has_addend});
}

}  // namespace mdt::dense
