// Files to pixels and back. JPEG is read with libjpeg itself, as OpenCV reads it, because OpenCV decodes a file that
// is cut short to grey rows and says so on stderr only.
#include "image.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <zlib.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include <jpeglib.h>
#include <jerror.h>

namespace {

struct Bytes {
    const uint8_t* data;
    size_t count;
};

std::string in_words(size_t bytes) { return std::to_string(bytes) + " bytes"; }

// ---- JPEG

struct JpegErrors {
    jpeg_error_mgr manager;  // first: libjpeg knows only this part
    jmp_buf escape;
    bool ends_early;
    char message[JMSG_LENGTH_MAX];
};

bool is_damage(int code) {
    return code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC
        || code == JWRN_JPEG_EOF || code == JWRN_ARITH_BAD_CODE || code == JWRN_NOT_SEQUENTIAL;
}

[[noreturn]] void leave(j_common_ptr info) {
    auto* errors = reinterpret_cast<JpegErrors*>(info->err);
    (*info->err->format_message)(info, errors->message);
    const int code = info->err->msg_code;
    errors->ends_early = code == JWRN_HIT_MARKER || code == JWRN_JPEG_EOF || code == JERR_INPUT_EOF;
    longjmp(errors->escape, 1);
}

// Warnings that leave all pixels intact (a strange header, stray bytes between markers) are let pass, as OpenCV does.
void stop_at_damage(j_common_ptr info, int level) {
    if (level < 0 && is_damage(info->err->msg_code)) leave(info);
}

void say_nothing(j_common_ptr) {}

// No C++ object with a destructor may live in a function that longjmp leaves: this one only calls libjpeg.
class JpegReader {
public:
    explicit JpegReader(Bytes file) : file_(file) {
        info_.err = jpeg_std_error(&errors_.manager);
        errors_.manager.error_exit = leave;
        errors_.manager.emit_message = stop_at_damage;
        errors_.manager.output_message = say_nothing;
        errors_.message[0] = '\0';
        errors_.ends_early = false;
    }

    ~JpegReader() { jpeg_destroy_decompress(&info_); }

    bool read_header() {
        if (setjmp(errors_.escape)) return false;
        jpeg_create_decompress(&info_);
        jpeg_mem_src(&info_, file_.data, file_.count);
        jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
        return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
    }

    bool start(J_COLOR_SPACE space) {
        if (setjmp(errors_.escape)) return false;
        info_.out_color_space = space;
        return jpeg_start_decompress(&info_) != 0;
    }

    bool read_rows(uint8_t* data, size_t row_bytes) {
        if (setjmp(errors_.escape)) return false;
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = data + row_bytes * info_.output_scanline;
            jpeg_read_scanlines(&info_, &row, 1);
        }
        return jpeg_finish_decompress(&info_) != 0;
    }

    [[noreturn]] void fail() const {
        if (!errors_.ends_early) throw std::runtime_error(std::string("the JPEG is damaged (") + errors_.message + ")");
        throw std::runtime_error("the JPEG ends early (after " + in_words(file_.count) + ", at row "
                                 + std::to_string(info_.output_scanline) + " of "
                                 + std::to_string(info_.image_height) + ")");
    }

    const jpeg_decompress_struct& info() const { return info_; }

private:
    Bytes file_;
    jpeg_decompress_struct info_{};
    JpegErrors errors_{};
};

// The orientation of the EXIF block, 1 to 8, or 1 where there is none (CIPA DC-008, tag 0x0112 of the first directory).
int orientation(const jpeg_decompress_struct& info) {
    for (auto* marker = info.marker_list; marker; marker = marker->next) {
        const auto* data = marker->data;
        const size_t count = marker->data_length;
        if (marker->marker != JPEG_APP0 + 1 || count < 14 || std::memcmp(data, "Exif\0\0", 6) != 0) continue;
        const auto* tiff = data + 6;
        const size_t size = count - 6;
        const bool little = tiff[0] == 'I';
        const auto number = [&](size_t at, int bytes) {
            uint32_t value = 0;
            for (int i = 0; i < bytes; i++) value |= uint32_t{tiff[at + i]} << 8 * (little ? i : bytes - 1 - i);
            return value;
        };
        const size_t directory = number(4, 4);
        if (directory + 2 > size) continue;
        const size_t entries = number(directory, 2);
        for (size_t i = 0; i < entries && directory + 2 + 12 * (i + 1) <= size; i++) {
            const size_t entry = directory + 2 + 12 * i;
            if (number(entry, 2) == 0x0112) return static_cast<int>(number(entry + 8, 2));
        }
    }
    return 1;
}

cv::Mat turned(cv::Mat pixels, int orientation) {
    if (orientation >= 5 && orientation <= 8) cv::transpose(pixels, pixels);
    switch (orientation) {
        case 2: case 6: cv::flip(pixels, pixels, 1); break;
        case 3: case 7: cv::flip(pixels, pixels, -1); break;
        case 4: case 8: cv::flip(pixels, pixels, 0); break;
        default: break;
    }
    return pixels;
}

cv::Mat decode_with_opencv(Bytes file, int32_t color_mode) {
    const int flags = color_mode == MDT_COLOR ? cv::IMREAD_COLOR
        : color_mode == MDT_GRAYSCALE ? cv::IMREAD_GRAYSCALE : cv::IMREAD_UNCHANGED;
    const cv::Mat bytes(1, static_cast<int>(file.count), CV_8U, const_cast<uint8_t*>(file.data));
    cv::Mat pixels;
    try {
        pixels = cv::imdecode(bytes, flags);
    } catch (const cv::Exception&) {
        pixels.release();  // its messages name lines of OpenCV; ours says what is wrong with the file
    }
    mdt::require(!pixels.empty(), "it is not an image that can be decoded (JPEG, PNG, BMP, WebP or TIFF), or damaged");
    if (pixels.depth() != CV_8U && pixels.depth() != CV_32F) {
        throw std::runtime_error("its pixels have more than 8 bits; read it with color_type='color'");
    }
    return pixels;
}

cv::Mat decode_jpeg(Bytes file, int32_t color_mode) {
    JpegReader reader(file);
    if (!reader.read_header()) reader.fail();
    const auto& info = reader.info();
    const bool cmyk = info.num_components == 4;
    const bool gray = color_mode == MDT_GRAYSCALE || (color_mode == MDT_UNCHANGED && info.num_components == 1);
    if (!reader.start(cmyk ? JCS_CMYK : gray ? JCS_GRAYSCALE : JCS_EXT_BGR)) reader.fail();
    const int way_up = color_mode == MDT_UNCHANGED ? 1 : orientation(info);  // libjpeg forgets it with the last row
    cv::Mat pixels(info.output_height, info.output_width, CV_8UC(info.output_components));
    if (!reader.read_rows(pixels.data, pixels.step)) reader.fail();
    if (cmyk) return decode_with_opencv(file, color_mode);  // it is whole; its colours are OpenCV's affair
    return turned(std::move(pixels), way_up);
}

// ---- PNG

uint32_t big_endian(const uint8_t* data) {
    return uint32_t{data[0]} << 24 | uint32_t{data[1]} << 16 | uint32_t{data[2]} << 8 | data[3];
}

// Walks the chunks (ISO/IEC 15948, section 5) so that libpng never meets a broken file and complains on stderr.
void check_png(Bytes file) {
    size_t at = 8;
    while (at + 12 <= file.count) {
        const size_t length = big_endian(file.data + at);
        if (length > file.count - at - 12) break;
        const auto* type = file.data + at + 4;
        const auto sum = crc32(crc32(0, nullptr, 0), type, static_cast<uInt>(length + 4));
        mdt::require(sum == big_endian(type + 4 + length),
                     "the PNG is damaged (wrong check sum at byte " + std::to_string(at) + ")");
        if (std::memcmp(type, "IEND", 4) == 0) return;
        at += length + 12;
    }
    throw std::runtime_error("the PNG ends early (after " + in_words(file.count) + ")");
}

// The header tells the size of the file; OpenCV would complain about a shorter one on stderr.
void check_bmp(Bytes file) {
    const auto* size = file.data + 2;
    const uint32_t told = uint32_t{size[3]} << 24 | uint32_t{size[2]} << 16 | uint32_t{size[1]} << 8 | size[0];
    mdt::require(told <= file.count, "the BMP ends early (after " + in_words(file.count) + " of " + in_words(told) + ")");
}

bool begins_with(Bytes file, const char* start, size_t count) {
    return file.count >= count && std::memcmp(file.data, start, count) == 0;
}

}  // namespace

int32_t mdt_image_decode(const void* data, int64_t bytes, int32_t color_mode, mdt_image** result) {
    return mdt::guarded_image([&] {
        const Bytes file{static_cast<const uint8_t*>(data), static_cast<size_t>(bytes)};
        mdt::require(bytes > 0, "the file is empty");
        mdt::require(bytes <= INT32_MAX, "the file is larger than 2 GiB");
        if (begins_with(file, "\xFF\xD8\xFF", 3)) {
            *result = mdt::give(decode_jpeg(file, color_mode));
            return;
        }
        if (begins_with(file, "\x89PNG\r\n\x1A\n", 8)) check_png(file);
        if (begins_with(file, "BM", 2) && file.count > 6) check_bmp(file);
        *result = mdt::give(decode_with_opencv(file, color_mode));
    });
}

int32_t mdt_image_encode(mdt_image* image, const char* extension, int32_t quality, mdt_image** result) {
    return mdt::guarded_image([&] {
        const std::string kind = extension;
        std::vector<int> options;
        if (kind == ".jpg" || kind == ".jpeg") options = {cv::IMWRITE_JPEG_QUALITY, quality};
        else if (kind == ".webp") options = {cv::IMWRITE_WEBP_QUALITY, quality};
        else if (kind == ".png") options = {cv::IMWRITE_PNG_COMPRESSION, quality};
        std::vector<uchar> bytes;
        mdt::require(cv::imencode(kind, mdt::pixels(image), bytes, options), "the image cannot be encoded as " + kind);
        *result = mdt::give(cv::Mat(1, static_cast<int>(bytes.size()), CV_8U, bytes.data()).clone());
    });
}
