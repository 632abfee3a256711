// Float maps (B, C, H, W) on the CPU in oneDNN's blocked layout, and the layers that run on it without leaving it.
// Convolution, batch normalisation, residual sum and activation are one pass over memory.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

namespace mdt::dense {

// Channels in blocks of 16 (AVX-512) or 8, the innermost index; the channels that round up to a block are zero.
struct Map {
    at::Tensor storage;
    int64_t batch = 0, channels = 0, height = 0, width = 0;

    bool defined() const { return storage.defined(); }
};

// Whether maps of this kind exist here at all: built with oneDNN, on a processor with AVX2 or better.
bool available();

// Whether `tensor` can become a map.
bool accepts(const at::Tensor& tensor);
Map from_plain(const at::Tensor& tensor);
at::Tensor to_plain(const Map& map);  // contiguous

enum class Activation { None, Relu, LeakyRelu, Sigmoid, Silu, HardSwish, Mish, Elu, Clip };

struct ActivationOptions {
    Activation kind = Activation::None;
    float alpha = 0, beta = 0;  // slope, or bounds
};

struct ConvolutionOptions {
    std::vector<int64_t> stride, padding, dilation;
    int64_t groups = 1;
    ActivationOptions activation;
    bool has_addend = false;  // added before the activation
    bool is_result = false;   // only the caller of the network reads it
};

// Weights in every form that a convolution asked for; shared by all convolutions with the same parameters.
class Weights;
std::shared_ptr<Weights> make_weights(at::Tensor weight, at::Tensor bias, at::Tensor scale);

class Convolution {
public:
    virtual ~Convolution() = default;
    // Makes `map`, or `tensor` when it is a result and the kernel can write it without a detour.
    // `addend` is overwritten when `addend_is_free`. False, and nothing done, when no fast kernel takes these sizes.
    virtual bool run(const at::Tensor& plain, const Map& source, const Map& addend, bool addend_is_free, Map& map,
                     at::Tensor& tensor) = 0;
};

std::unique_ptr<Convolution> make_convolution(std::shared_ptr<Weights> weights, ConvolutionOptions options);

struct PoolOptions {
    std::vector<int64_t> kernel, stride, padding;
    bool ceil_mode = false;
};

Map max_pool(const Map& source, const PoolOptions& options);
// `weight` and `bias` (channels) may be undefined.
Map group_norm(const Map& source, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double epsilon);
Map activate(const Map& source, const ActivationOptions& options);
Map add(const Map& left, const Map& right);  // of one shape
bool can_concatenate(const std::vector<Map>& maps);
Map concatenate(const std::vector<Map>& maps);  // channels

// PyTorch's "nearest"; a scale <= 0 stands for the ratio of the sizes.
Map upsample_nearest(const Map& source, int64_t height, int64_t width, double scale_height, double scale_width);

}  // namespace mdt::dense
