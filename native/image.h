// Shared by the image files of the shim; not part of the border. No libtorch header: these files compile in seconds.
#pragma once
#include "mmdetsharp.h"

#include <opencv2/core.hpp>

#include <exception>
#include <stdexcept>
#include <string>

struct mdt_image {
    explicit mdt_image(cv::Mat pixels);
    ~mdt_image();
    mdt_image(const mdt_image&) = delete;
    mdt_image& operator=(const mdt_image&) = delete;

    cv::Mat pixels;  // always continuous: no padding between rows
};

namespace mdt {

void set_error(const char* message);

// Runs `body` and turns every C++ exception into a status code: nothing may unwind into C#.
template <typename Body>
int32_t guarded_image(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const cv::Exception& error) {
        set_error(error.err.c_str());
    } catch (const std::exception& error) {
        set_error(error.what());
    } catch (...) {
        set_error("unknown C++ exception");
    }
    return 1;
}

inline void require(bool condition, const std::string& message) {
    if (!condition) throw std::runtime_error(message);
}

inline cv::Mat& pixels(mdt_image* image) {
    require(image != nullptr, "the image is disposed");
    return image->pixels;
}

inline mdt_image* give(cv::Mat pixels) { return new mdt_image(std::move(pixels)); }

inline cv::Scalar scalar(const double* values) { return {values[0], values[1], values[2], values[3]}; }

}  // namespace mdt
