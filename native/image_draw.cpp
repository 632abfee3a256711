// Drawing on images that people look at.
#include "image.h"

#include <opencv2/imgproc.hpp>

#include <vector>

namespace {

constexpr int font = cv::FONT_HERSHEY_SIMPLEX;
constexpr int fraction_bits = 4;  // places of lines are rounded to 1/16 pixel

cv::Mat& canvas(mdt_image* image) {
    auto& pixels = mdt::pixels(image);
    mdt::require(pixels.depth() == CV_8U, "only a uint8 image can be drawn on");
    return pixels;
}

// Far outside is as good as a little outside, and does not overflow.
cv::Point fixed_point(const cv::Mat& pixels, double x, double y) {
    const double reach = 4.0 * std::max(pixels.cols, pixels.rows);
    const double scale = 1 << fraction_bits;
    return {cvRound(std::min(std::max(x, -reach), 2 * reach) * scale),
            cvRound(std::min(std::max(y, -reach), 2 * reach) * scale)};
}

}  // namespace

int32_t mdt_image_draw_rectangle(mdt_image* image, double x1, double y1, double x2, double y2, const double* color,
                                 int32_t thickness) {
    return mdt::guarded_image([&] {
        auto& pixels = canvas(image);
        cv::rectangle(pixels, fixed_point(pixels, x1, y1), fixed_point(pixels, x2, y2), mdt::scalar(color),
                      thickness < 0 ? cv::FILLED : thickness, cv::LINE_AA, fraction_bits);
    });
}

int32_t mdt_image_blend_rectangle(mdt_image* image, int32_t x, int32_t y, int32_t width, int32_t height,
                                  const double* color, double opacity) {
    return mdt::guarded_image([&] {
        auto& pixels = canvas(image);
        const auto part = cv::Rect(x, y, width, height) & cv::Rect(0, 0, pixels.cols, pixels.rows);
        if (part.empty()) return;
        cv::Mat below = pixels(part);
        const cv::Mat paint(below.size(), below.type(), mdt::scalar(color));
        cv::addWeighted(paint, opacity, below, 1 - opacity, 0, below);
    });
}

int32_t mdt_image_draw_lines(mdt_image* image, const double* points, int32_t count, const double* color,
                             int32_t thickness) {
    return mdt::guarded_image([&] {
        auto& pixels = canvas(image);
        std::vector<cv::Point> places(count);
        for (int32_t i = 0; i < count; i++) places[i] = fixed_point(pixels, points[2 * i], points[2 * i + 1]);
        cv::polylines(pixels, places, false, mdt::scalar(color), thickness, cv::LINE_AA, fraction_bits);
    });
}

int32_t mdt_image_draw_text(mdt_image* image, const char* text, int32_t x, int32_t y, double scale,
                            const double* color, int32_t thickness) {
    return mdt::guarded_image([&] {
        cv::putText(canvas(image), text, cv::Point(x, y), font, scale, mdt::scalar(color), thickness, cv::LINE_AA);
    });
}

int32_t mdt_image_measure_text(const char* text, double scale, int32_t thickness, int32_t* width, int32_t* height,
                               int32_t* below) {
    return mdt::guarded_image([&] {
        const auto size = cv::getTextSize(text, font, scale, thickness, below);
        *width = size.width;
        *height = size.height;
    });
}
