// Images: where their memory comes from, what they are, and their pixels in and out.
#include "image.h"

#include <opencv2/core/types_c.h>
#include <opencv2/core/utils/logger.hpp>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace {

std::atomic<int64_t> live{0};

// Keeps the blocks of freed images for the next ones: fresh pages are dear, and a loader makes and frees the same
// few sizes thousands of times.
class BlockPool {
public:
    void* take(size_t bytes) {
        const size_t size = size_class(bytes);
        {
            std::lock_guard<std::mutex> lock(gate_);
            auto& blocks = free_[size];
            if (!blocks.empty()) {
                void* block = blocks.back();
                blocks.pop_back();
                kept_ -= size;
                return block;
            }
        }
        void* block = std::aligned_alloc(alignment, size);
        if (!block) throw std::bad_alloc();
        return block;
    }

    void give_back(void* block, size_t bytes) {
        const size_t size = size_class(bytes);
        {
            std::lock_guard<std::mutex> lock(gate_);
            if (kept_ + size <= limit) {
                free_[size].push_back(block);
                kept_ += size;
                return;
            }
        }
        std::free(block);
    }

private:
    static constexpr size_t alignment = 64;
    static constexpr size_t limit = size_t{256} << 20;

    // Four sizes per power of two: at most a quarter of a block is unused.
    static size_t size_class(size_t bytes) {
        size_t step = 4096;
        while (step * 8 < bytes) step *= 2;
        return (bytes + step - 1) / step * step + (bytes == 0 ? step : 0);
    }

    std::mutex gate_;
    std::unordered_map<size_t, std::vector<void*>> free_;
    size_t kept_ = 0;
};

class PooledAllocator final : public cv::MatAllocator {
public:
    cv::UMatData* allocate(int dims, const int* sizes, int type, void* given, size_t* step, cv::AccessFlag,
                           cv::UMatUsageFlags) const override {
        size_t total = CV_ELEM_SIZE(type);
        for (int i = dims - 1; i >= 0; i--) {
            if (step) {
                if (given && step[i] != CV_AUTO_STEP) total = step[i];
                else step[i] = total;
            }
            total *= sizes[i];
        }
        auto* data = new cv::UMatData(this);
        data->data = data->origdata = static_cast<uchar*>(given ? given : pool().take(total));
        data->size = total;
        if (given) data->flags |= cv::UMatData::USER_ALLOCATED;
        return data;
    }

    bool allocate(cv::UMatData* data, cv::AccessFlag, cv::UMatUsageFlags) const override { return data != nullptr; }

    void deallocate(cv::UMatData* data) const override {
        if (!data) return;
        if (!(data->flags & cv::UMatData::USER_ALLOCATED)) pool().give_back(data->origdata, data->size);
        delete data;
    }

private:
    static BlockPool& pool() {
        static auto* blocks = new BlockPool();  // never destroyed: images may be freed while the process ends
        return *blocks;
    }
};

int silent(int, const char*, const char*, const char*, int, void*) { return 0; }

// OpenCV as this process uses it: one thread per call (the loader's threads are the parallelism), no chatter on
// stderr, pooled memory. As a static it runs once, when the library is loaded.
const bool prepared = [] {
    cv::setNumThreads(0);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(silent);
    cv::Mat::setDefaultAllocator(new PooledAllocator());
    return true;
}();

int type_of(int32_t channels, int32_t depth) {
    mdt::require(depth == MDT_UINT8 || depth == MDT_FLOAT32, "the depth of an image must be uint8 or float32");
    mdt::require(channels >= 1 && channels <= 4, "an image has 1 to 4 channels");
    return CV_MAKETYPE(depth, channels);
}

// Zero right of and below the pixels of one plane.
void clear_margin(float* plane, const cv::Mat& pixels, int32_t target_width, int32_t target_height) {
    const size_t width = target_width;
    for (int y = 0; y < pixels.rows && target_width > pixels.cols; y++) {
        std::memset(plane + width * y + pixels.cols, 0, sizeof(float) * (target_width - pixels.cols));
    }
    std::memset(plane + width * pixels.rows, 0, sizeof(float) * width * (target_height - pixels.rows));
}

void write_planes(const cv::Mat& pixels, float* target, int32_t target_width, int32_t target_height) {
    const size_t size = static_cast<size_t>(target_width) * target_height;
    std::vector<cv::Mat> planes;
    for (int c = 0; c < pixels.channels(); c++) {
        float* plane = target + size * c;
        planes.emplace_back(pixels.rows, pixels.cols, CV_32F, plane, sizeof(float) * target_width);
        clear_margin(plane, pixels, target_width, target_height);
    }
    cv::split(pixels, planes);
}

}  // namespace

mdt_image::mdt_image(cv::Mat source) : pixels(source.isContinuous() ? std::move(source) : source.clone()) { ++live; }
mdt_image::~mdt_image() { --live; }

int32_t mdt_image_create(int32_t width, int32_t height, int32_t channels, int32_t depth, const double* fill,
                         mdt_image** result) {
    return mdt::guarded_image([&] {
        mdt::require(width > 0 && height > 0, "the sides of an image must be positive");
        cv::Mat pixels(height, width, type_of(channels, depth));
        if (fill) pixels.setTo(mdt::scalar(fill));
        *result = mdt::give(std::move(pixels));
    });
}

int32_t mdt_image_from_memory(const void* data, int32_t width, int32_t height, int32_t channels, int32_t depth,
                              mdt_image** result) {
    return mdt::guarded_image([&] {
        mdt::require(width > 0 && height > 0, "the sides of an image must be positive");
        cv::Mat pixels(height, width, type_of(channels, depth));
        std::memcpy(pixels.data, data, pixels.total() * pixels.elemSize());
        *result = mdt::give(std::move(pixels));
    });
}

void mdt_image_free(mdt_image* image) { delete image; }

int32_t mdt_image_describe(mdt_image* image, int32_t* width, int32_t* height, int32_t* channels, int32_t* depth,
                           void** data) {
    return mdt::guarded_image([&] {
        const auto& pixels = mdt::pixels(image);
        *width = pixels.cols;
        *height = pixels.rows;
        *channels = pixels.channels();
        *depth = pixels.depth();
        *data = pixels.data;
    });
}

int64_t mdt_image_live() { return live; }

int32_t mdt_image_clone(mdt_image* image, mdt_image** result) {
    return mdt::guarded_image([&] { *result = mdt::give(mdt::pixels(image).clone()); });
}

int32_t mdt_image_to_planes(mdt_image* image, float* target, int32_t target_width, int32_t target_height) {
    return mdt::guarded_image([&] {
        const auto& pixels = mdt::pixels(image);
        mdt::require(pixels.cols <= target_width && pixels.rows <= target_height, "the planes are too small");
        cv::Mat values;
        if (pixels.depth() == CV_8U) pixels.convertTo(values, CV_32F);
        else values = pixels;
        write_planes(values, target, target_width, target_height);
    });
}
