// What the pipelines do to pixels. Each function is OpenCV's own, called as the reference calls it.
#include "image.h"

#include <opencv2/imgproc.hpp>

#include <array>

namespace {

int color_code(int32_t conversion) {
    switch (conversion) {
        case MDT_BGR_TO_RGB: return cv::COLOR_BGR2RGB;
        case MDT_BGR_TO_GRAY: return cv::COLOR_BGR2GRAY;
        case MDT_GRAY_TO_BGR: return cv::COLOR_GRAY2BGR;
        case MDT_BGR_TO_HSV: return cv::COLOR_BGR2HSV;
        case MDT_HSV_TO_BGR: return cv::COLOR_HSV2BGR;
        default: throw std::runtime_error("unknown colour conversion");
    }
}

// Calls `change(value)` for every value of one channel, or of all.
template <typename Change>
void change_floats(cv::Mat& pixels, int32_t channel, Change&& change) {
    mdt::require(pixels.depth() == CV_32F, "the image must be float32");
    const size_t step = channel < 0 ? 1 : pixels.channels();
    const size_t count = pixels.total() * pixels.channels();
    auto* values = pixels.ptr<float>();
    for (size_t i = channel < 0 ? 0 : channel; i < count; i += step) change(values[i]);
}

// (float32(pixel) - mean) * (1 / deviation) in one pass, with the roundings of the reference's three: cv::cvtColor,
// cv::subtract (to float32), then cv::multiply, which multiplies with a scalar in float64.
class Normalization {
public:
    Normalization(const double* mean, const double* deviation, int channels, bool reversed) : channels_(channels) {
        for (int i = 0; i < channels; i++) {
            mean_[i] = static_cast<float>(mean[i]);
            factor_[i] = 1 / deviation[i];
            source_[i] = reversed ? channels - 1 - i : i;
        }
    }

    void apply(const cv::Mat& source, cv::Mat& values) const {
        switch (channels_) {
            case 1: return apply<1>(source, values);
            case 2: return apply<2>(source, values);
            case 3: return apply<3>(source, values);
            default: return apply<4>(source, values);
        }
    }

private:
    float normalized(float value, int channel) const {
        return static_cast<float>((value - mean_[channel]) * factor_[channel]);
    }

    template <int channels>
    void apply(const cv::Mat& source, cv::Mat& values) const {
        const size_t count = values.total();
        auto* to = values.ptr<float>();
        if (source.depth() == CV_32F) {
            const auto* from = source.ptr<float>();
            for (size_t i = 0; i < count; i++, from += channels, to += channels) {
                for (int c = 0; c < channels; c++) to[c] = normalized(from[source_[c]], c);
            }
            return;
        }

        float table[channels][256];  // a byte has few values: each is computed once
        for (int c = 0; c < channels; c++) {
            for (int value = 0; value < 256; value++) table[c][value] = normalized(static_cast<float>(value), c);
        }
        const auto* from = source.ptr<uint8_t>();
        for (size_t i = 0; i < count; i++, from += channels, to += channels) {
            for (int c = 0; c < channels; c++) to[c] = table[c][from[source_[c]]];
        }
    }

    int channels_;
    std::array<float, 4> mean_{};
    std::array<double, 4> factor_{};
    std::array<int, 4> source_{};
};

}  // namespace

int32_t mdt_image_convert_depth(mdt_image* image, int32_t depth, mdt_image** result) {
    return mdt::guarded_image([&] {
        mdt::require(depth == MDT_UINT8 || depth == MDT_FLOAT32, "the depth of an image must be uint8 or float32");
        cv::Mat converted;
        mdt::pixels(image).convertTo(converted, depth);
        *result = mdt::give(std::move(converted));
    });
}

int32_t mdt_image_convert_color(mdt_image* image, int32_t conversion, mdt_image** result) {
    return mdt::guarded_image([&] {
        cv::Mat converted;
        cv::cvtColor(mdt::pixels(image), converted, color_code(conversion));
        *result = mdt::give(std::move(converted));
    });
}

int32_t mdt_image_resize(mdt_image* image, int32_t width, int32_t height, int32_t interpolation, mdt_image** result) {
    return mdt::guarded_image([&] {
        cv::Mat resized;
        cv::resize(mdt::pixels(image), resized, cv::Size(width, height), 0, 0, interpolation);
        *result = mdt::give(std::move(resized));
    });
}

int32_t mdt_image_flip(mdt_image* image, int32_t direction, mdt_image** result) {
    return mdt::guarded_image([&] {
        cv::Mat flipped;
        cv::flip(mdt::pixels(image), flipped, direction);
        *result = mdt::give(std::move(flipped));
    });
}

int32_t mdt_image_crop(mdt_image* image, int32_t x, int32_t y, int32_t width, int32_t height, mdt_image** result) {
    return mdt::guarded_image([&] {
        const auto& pixels = mdt::pixels(image);
        mdt::require(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= pixels.cols
                     && y + height <= pixels.rows, "the part must lie inside the image");
        *result = mdt::give(pixels(cv::Rect(x, y, width, height)).clone());
    });
}

int32_t mdt_image_pad(mdt_image* image, int32_t left, int32_t top, int32_t right, int32_t bottom, int32_t border,
                      const double* fill, mdt_image** result) {
    return mdt::guarded_image([&] {
        cv::Mat padded;
        cv::copyMakeBorder(mdt::pixels(image), padded, top, bottom, left, right, border, mdt::scalar(fill));
        *result = mdt::give(std::move(padded));
    });
}

int32_t mdt_image_warp_affine(mdt_image* image, const double* matrix, int32_t width, int32_t height,
                              int32_t interpolation, const double* fill, mdt_image** result) {
    return mdt::guarded_image([&] {
        const cv::Mat map(2, 3, CV_64F, const_cast<double*>(matrix));
        cv::Mat warped;
        cv::warpAffine(mdt::pixels(image), warped, map, cv::Size(width, height), interpolation, cv::BORDER_CONSTANT,
                       mdt::scalar(fill));
        *result = mdt::give(std::move(warped));
    });
}

int32_t mdt_image_normalize(mdt_image* image, const double* mean, const double* deviation, int32_t to_rgb,
                            mdt_image** result) {
    return mdt::guarded_image([&] {
        const auto& source = mdt::pixels(image);
        mdt::require(!to_rgb || source.channels() == 3,
                     "only an image of three channels can change from BGR to RGB");
        cv::Mat values(source.rows, source.cols, CV_32FC(source.channels()));
        Normalization(mean, deviation, source.channels(), to_rgb != 0).apply(source, values);
        *result = mdt::give(std::move(values));
    });
}

int32_t mdt_image_multiply(mdt_image* image, int32_t channel, float factor) {
    return mdt::guarded_image([&] {
        change_floats(mdt::pixels(image), channel, [factor](float& value) { value *= factor; });
    });
}

int32_t mdt_image_add(mdt_image* image, int32_t channel, float shift) {
    return mdt::guarded_image([&] {
        change_floats(mdt::pixels(image), channel, [shift](float& value) { value += shift; });
    });
}

int32_t mdt_image_wrap(mdt_image* image, int32_t channel, float period) {
    return mdt::guarded_image([&] {
        change_floats(mdt::pixels(image), channel, [period](float& value) {
            if (value > period) value -= period;
            if (value < 0) value += period;
        });
    });
}

int32_t mdt_image_look_up(mdt_image* image, const uint8_t* table) {
    return mdt::guarded_image([&] {
        auto& pixels = mdt::pixels(image);
        mdt::require(pixels.depth() == CV_8U, "the image must be uint8");
        const cv::Mat entries(1, 256, CV_8UC(pixels.channels()), const_cast<uint8_t*>(table));
        cv::LUT(pixels, entries, pixels);
    });
}

int32_t mdt_image_paste(mdt_image* image, mdt_image* source, int32_t x, int32_t y) {
    return mdt::guarded_image([&] {
        auto& target = mdt::pixels(image);
        const auto& part = mdt::pixels(source);
        mdt::require(part.type() == target.type(), "both images must have the same channels and depth");
        mdt::require(x >= 0 && y >= 0 && x + part.cols <= target.cols && y + part.rows <= target.rows,
                     "the part must lie inside the image");
        part.copyTo(target(cv::Rect(x, y, part.cols, part.rows)));
    });
}

int32_t mdt_image_permute(mdt_image* image, const int32_t* order, mdt_image** result) {
    return mdt::guarded_image([&] {
        const auto& source = mdt::pixels(image);
        std::array<int, 8> pairs{};
        for (int i = 0; i < source.channels(); i++) {
            mdt::require(order[i] >= 0 && order[i] < source.channels(), "the order names a channel that is not there");
            pairs[2 * i] = order[i];
            pairs[2 * i + 1] = i;
        }
        cv::Mat permuted(source.rows, source.cols, source.type());
        cv::mixChannels(&source, 1, &permuted, 1, pairs.data(), source.channels());
        *result = mdt::give(std::move(permuted));
    });
}
