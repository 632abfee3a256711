// oneDNN, version 2 or 3: all that is used of it, on raw float memory, without a libtorch header. What the two versions
// call differently is in onednn.cpp. Failures come as std::exception.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace mdt::onednn {

// The version that runs, "2.6.2"; it may be newer than the headers.
std::string version();

// How a map lies in memory. Blocked: channels in blocks of block(), the innermost index; the channels that round up to
// a block are zero.
enum class Layout { Planes, ChannelsLast, Blocked };

int64_t block();  // 16 with AVX-512, else 8

struct Sizes {
    int64_t batch = 0, channels = 0, height = 0, width = 0;

    bool operator==(const Sizes& other) const {
        return batch == other.batch && channels == other.channels && height == other.height && width == other.width;
    }
};

enum class Activation { None, Relu, LeakyRelu, Sigmoid, Silu, HardSwish, Mish, Elu, Clip };

struct ActivationOptions {
    Activation kind = Activation::None;
    float alpha = 0, beta = 0;  // slope, or bounds
};

// How a kernel moves over a map; height, then width.
struct Window {
    std::array<int64_t, 2> kernel, stride, padding, dilation{1, 1};
};

void reorder(const Sizes& sizes, Layout from, const float* source, Layout to, float* target);

// Blocked maps.
void activate(const Sizes& sizes, const ActivationOptions& activation, const float* source, float* target);
void max_pool(const Sizes& source_sizes, const Sizes& target_sizes, const Window& window, const float* source,
              float* target);

struct ConvolutionProblem {
    Sizes source, target;
    Layout source_layout;  // the target is blocked
    Window window;
    int64_t groups;
    ActivationOptions activation;
    bool accumulates;  // the target holds what is added before the activation
};

// A convolution for maps of one size.
class Convolution {
public:
    virtual ~Convolution() = default;

    // Weights (outputs, inputs of a group, height, width) are packed once. Whether the ones packed for `other` will do.
    virtual bool packs_as(const Convolution& other) const = 0;
    virtual size_t packed_bytes() const = 0;
    virtual void pack(const float* weights, float* packed) const = 0;

    virtual size_t target_bytes() const = 0;
    virtual size_t scratch_bytes() const = 0;

    // `bias` (outputs).
    virtual void run(const float* source, const float* packed, const float* bias, float* target,
                     void* scratch) const = 0;
};

// Null where no fast kernel takes these sizes.
std::shared_ptr<const Convolution> make_convolution(const ConvolutionProblem& problem);

}  // namespace mdt::onednn
