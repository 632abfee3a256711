// The C border between MMDetSharp (C#) and libtorch, torchvision's operators and OpenCV (C++).
//
// Rules for every function:
//   1. It returns 0 on success and 1 on failure; mdt_last_error() then gives the message, UTF-8, for this thread.
//   2. A handle written to a result belongs to the caller, who frees it with the matching *_free.
//   3. A handle passed in is borrowed: never freed, never kept (a tensor may be kept alive by the autograd graph).
//   4. Only fixed-width integers, floats, pointers and UTF-8 text cross. No C++ exception does.
#pragma once
#include <cstdint>

#define MDT_API extern "C" __attribute__((visibility("default")))

// ---- Errors ---------------------------------------------------------------------------------------------------

// The last error of this thread, or "". Owned by the library; valid until the next failing call on this thread.
MDT_API const char* mdt_last_error();

// ---- Values and operators -------------------------------------------------------------------------------------

struct mdt_tensor;     // one reference to a tensor
struct mdt_operator;   // an operator of the dispatcher; lives as long as the process
struct mdt_generator;  // a source of random numbers

enum mdt_tag : int64_t {
    MDT_NONE = 0,
    MDT_TENSOR = 1,                  // pointer: mdt_tensor
    MDT_INT = 2,                     // integer; also element types, layouts and memory formats
    MDT_DOUBLE = 3,                  // number
    MDT_BOOL = 4,                    // integer, 0 or 1
    MDT_INT_LIST = 5,                // pointer: count x int64
    MDT_TENSOR_LIST = 6,             // pointer: count x mdt_tensor*
    MDT_STRING = 7,                  // pointer: count bytes of UTF-8
    MDT_DOUBLE_LIST = 8,             // pointer: count x double
    MDT_OPTIONAL_TENSOR_LIST = 9,    // pointer: count x mdt_tensor*, null where there is none
    MDT_DEVICE = 10,                 // integer: device type; count: device index
    MDT_GENERATOR = 11,              // pointer: mdt_generator
};

struct mdt_value {
    int64_t tag;
    union {
        int64_t integer;
        double number;
        void* pointer;
    };
    int64_t count;
};

// Finds an operator, e.g. ("aten::add", "Tensor") or ("torchvision::nms", ""). This library adds one to libtorch's:
// mmdetsharp::deform_conv2d (deformable_convolution.cpp).
MDT_API int32_t mdt_operator_find(const char* name, const char* overload, mdt_operator** result);

// Calls an operator. At most `capacity` results are written; `count` tells how many there are. Tensors in the results
// belong to the caller, as does the array of a tensor list (mdt_list_free frees the array, not the tensors).
MDT_API int32_t mdt_operator_call(mdt_operator* op, const mdt_value* arguments, int32_t argument_count,
                                  mdt_value* results, int32_t capacity, int32_t* count);
MDT_API void mdt_list_free(mdt_tensor** list);

// ---- Tensors --------------------------------------------------------------------------------------------------

MDT_API void mdt_tensor_free(mdt_tensor* tensor);  // null is allowed
MDT_API int32_t mdt_tensor_clone_handle(mdt_tensor* tensor, mdt_tensor** result);  // a second reference, same data

// Copies `bytes` bytes of row-major elements into a new CPU tensor: a constant where a network is recorded.
MDT_API int32_t mdt_tensor_from_memory(const void* data, int64_t bytes, int32_t type, const int64_t* shape,
                                       int32_t rank, mdt_tensor** result);

// A CPU tensor over memory that it does not own; `release(context)` is called once, when the last view of it is gone.
MDT_API int32_t mdt_tensor_over_memory(void* data, int32_t type, const int64_t* shape, int32_t rank,
                                       void (*release)(void*), void* context, mdt_tensor** result);

// Copies the elements, row-major, to `data`, which holds exactly `bytes` bytes. Waits for the device.
MDT_API int32_t mdt_tensor_to_memory(mdt_tensor* tensor, void* data, int64_t bytes);

// Writes at most `capacity` sizes (or strides); `rank` tells how many there are.
MDT_API int32_t mdt_tensor_shape(mdt_tensor* tensor, int64_t* sizes, int32_t capacity, int32_t* rank);
MDT_API int32_t mdt_tensor_strides(mdt_tensor* tensor, int64_t* strides, int32_t capacity, int32_t* rank);
MDT_API int32_t mdt_tensor_type(mdt_tensor* tensor, int32_t* type);
MDT_API int32_t mdt_tensor_device(mdt_tensor* tensor, int32_t* device_type, int32_t* device_index);
MDT_API int32_t mdt_tensor_data(mdt_tensor* tensor, void** data);  // first element; CPU tensors only

// ---- Autograd -------------------------------------------------------------------------------------------------

MDT_API int32_t mdt_autograd_backward(mdt_tensor* root);  // a scalar
MDT_API int32_t mdt_autograd_gradient(mdt_tensor* tensor, mdt_tensor** result);  // null when there is none
MDT_API int32_t mdt_autograd_set_gradient(mdt_tensor* tensor, mdt_tensor* gradient);  // null clears it
MDT_API int32_t mdt_autograd_requires(mdt_tensor* tensor, int32_t* result);
MDT_API int32_t mdt_autograd_set_requires(mdt_tensor* tensor, int32_t required);
MDT_API int32_t mdt_autograd_mode(int32_t enabled, int32_t* previous);  // of this thread

// ---- Random numbers -------------------------------------------------------------------------------------------

MDT_API int32_t mdt_generator_create(uint64_t seed, int32_t device_type, int32_t device_index, mdt_generator** result);
MDT_API void mdt_generator_free(mdt_generator* generator);

// ---- Compilation ----------------------------------------------------------------------------------------------

// A network recorded while C# ran it once. It serves every input size as long as C# took no number out of a tensor's
// shape (mdt_upsample_nearest_like and mdt_adaptive_max_pool_like are for that), and gives what C# gives.
struct mdt_program;

// Runs the network: reads `inputs`, writes new tensors to `outputs`, which the library then owns. Returns their number,
// or a negative number when it failed.
typedef int32_t (*mdt_trace_function)(void* context, mdt_tensor** inputs, int32_t input_count, mdt_tensor** outputs,
                                      int32_t capacity);

// Calls `function` once on `inputs` and records it. `weights` are the network's tensors by their keys
// ("backbone.conv1.weight"), parameters or buffers; the program shares them: it must be traced again when they change.
MDT_API int32_t mdt_program_trace(mdt_trace_function function, void* context, mdt_tensor* const* inputs,
                                  int32_t input_count, const char* const* names, mdt_tensor* const* weights,
                                  const int32_t* is_parameter, int32_t weight_count, mdt_program** result);
MDT_API int32_t mdt_program_load(const char* path, mdt_program** result);  // a TorchScript file
MDT_API int32_t mdt_program_save(mdt_program* program, const char* path);  // as TorchScript; see mdt_operator_find
MDT_API void mdt_program_free(mdt_program* program);                       // null is allowed

// Any size and device. Threads take turns.
MDT_API int32_t mdt_program_run(mdt_program* program, mdt_tensor* const* inputs, int32_t input_count,
                                mdt_tensor** results, int32_t capacity, int32_t* count);

// How it runs on the CPU, one line a step. Owned by the program.
MDT_API int32_t mdt_program_describe(mdt_program* program, const char** text);
// "" where it is planned, else why it runs in libtorch's executor, which is slower. Owned by the program.
MDT_API int32_t mdt_program_why_not_planned(mdt_program* program, const char** text);

// Nearest-neighbour resizing of (B, C, H, W) to the height and width of `reference`. A traced network follows the
// reference's size at run time.
MDT_API int32_t mdt_upsample_nearest_like(mdt_tensor* maps, mdt_tensor* reference, mdt_tensor** result);

// The largest elements of windows, as many as `reference` has rows and columns; followed likewise.
MDT_API int32_t mdt_adaptive_max_pool_like(mdt_tensor* maps, mdt_tensor* reference, mdt_tensor** result);

// ---- Training -------------------------------------------------------------------------------------------------

// (B, C, H, W) convolved with (O, C, 3, 3), stride and padding 1, with gradients; `bias` may be null. On the CPU by
// Winograd's minimal filtering where that is faster. Not for tracing.
MDT_API int32_t mdt_convolution_3x3(mdt_tensor* input, mdt_tensor* weight, mdt_tensor* bias, mdt_tensor** result);

// ---- Memory of CPU tensors ------------------------------------------------------------------------------------

// Large blocks are kept for the next tensor of their size. Bytes in tensors, bytes kept, and the most that large blocks
// ever had in use.
MDT_API int32_t mdt_memory_statistics(int64_t* in_use, int64_t* kept, int64_t* peak);
MDT_API int32_t mdt_memory_trim();  // gives all kept blocks back to the system

// ---- The process ----------------------------------------------------------------------------------------------

MDT_API int32_t mdt_library_load(const char* path);  // a shared library with further operators
MDT_API int32_t mdt_threads(int32_t* result);
MDT_API int32_t mdt_set_threads(int32_t threads);

// Holds OpenMP threads more than there are processors, for the calling thread, or lets them go: libgomp's idle threads do
// not spin as long as there are more of them than processors.
MDT_API int32_t mdt_hold_threads(int32_t hold);
MDT_API int32_t mdt_set_deterministic(int32_t enabled);
MDT_API int32_t mdt_cuda_devices(int32_t* count);  // 0 where there is none, or no CUDA build

// Lines "name: value" on versions, capabilities and where the libraries came from. Owned by the library.
MDT_API int32_t mdt_describe(const char** text);

// ---- Images ---------------------------------------------------------------------------------------------------

// Pixels row by row, channels side by side (H, W, C), without gaps; colour is BGR unless a function says otherwise.
// Functions that change an image in place say so; all others give a new one. Sizes are in pixels.
struct mdt_image;

enum mdt_depth : int32_t { MDT_UINT8 = 0, MDT_FLOAT32 = 5 };
enum mdt_color_mode : int32_t { MDT_COLOR = 0, MDT_GRAYSCALE = 1, MDT_UNCHANGED = 2 };
enum mdt_interpolation : int32_t { MDT_NEAREST = 0, MDT_BILINEAR = 1, MDT_BICUBIC = 2, MDT_AREA = 3, MDT_LANCZOS = 4 };
enum mdt_border : int32_t { MDT_BORDER_CONSTANT = 0, MDT_BORDER_EDGE = 1, MDT_BORDER_SYMMETRIC = 2,
                            MDT_BORDER_REFLECT = 4 };
enum mdt_flip : int32_t { MDT_FLIP_VERTICAL = 0, MDT_FLIP_HORIZONTAL = 1, MDT_FLIP_DIAGONAL = -1 };
enum mdt_color_conversion : int32_t { MDT_BGR_TO_RGB = 0, MDT_BGR_TO_GRAY = 1, MDT_GRAY_TO_BGR = 2, MDT_BGR_TO_HSV = 3,
                                      MDT_HSV_TO_BGR = 4 };

MDT_API int32_t mdt_image_create(int32_t width, int32_t height, int32_t channels, int32_t depth, const double* fill,
                                 mdt_image** result);  // `fill`: four values, or null for unset pixels
MDT_API int32_t mdt_image_from_memory(const void* data, int32_t width, int32_t height, int32_t channels, int32_t depth,
                                      mdt_image** result);  // copies
MDT_API void mdt_image_free(mdt_image* image);  // null is allowed

// The data stay valid until the image is freed.
MDT_API int32_t mdt_image_describe(mdt_image* image, int32_t* width, int32_t* height, int32_t* channels,
                                   int32_t* depth, void** data);
MDT_API int64_t mdt_image_live();  // how many images there are

// Decodes JPEG, PNG, BMP, WebP or TIFF as OpenCV does (`color` and `grayscale` follow the EXIF orientation). A file
// that is cut short or damaged is an error. Nothing is printed.
MDT_API int32_t mdt_image_decode(const void* data, int64_t bytes, int32_t color_mode, mdt_image** result);

// `extension` such as ".jpg"; `quality` 1 to 100 for JPEG and WebP, 0 to 9 (compression) for PNG. The result is one
// row of bytes: the file.
MDT_API int32_t mdt_image_encode(mdt_image* image, const char* extension, int32_t quality, mdt_image** result);

MDT_API int32_t mdt_image_clone(mdt_image* image, mdt_image** result);
MDT_API int32_t mdt_image_convert_depth(mdt_image* image, int32_t depth, mdt_image** result);  // rounds and saturates
MDT_API int32_t mdt_image_convert_color(mdt_image* image, int32_t conversion, mdt_image** result);
MDT_API int32_t mdt_image_resize(mdt_image* image, int32_t width, int32_t height, int32_t interpolation,
                                 mdt_image** result);
MDT_API int32_t mdt_image_flip(mdt_image* image, int32_t direction, mdt_image** result);
MDT_API int32_t mdt_image_crop(mdt_image* image, int32_t x, int32_t y, int32_t width, int32_t height,
                               mdt_image** result);
MDT_API int32_t mdt_image_pad(mdt_image* image, int32_t left, int32_t top, int32_t right, int32_t bottom,
                              int32_t border, const double* fill, mdt_image** result);

// `matrix`: 2 x 3, row-major, maps a source point to its place in the result.
MDT_API int32_t mdt_image_warp_affine(mdt_image* image, const double* matrix, int32_t width, int32_t height,
                                      int32_t interpolation, const double* fill, mdt_image** result);

// float32((pixel, to RGB where asked) - mean) * (1 / std); `mean` and `deviation` hold one value per channel.
MDT_API int32_t mdt_image_normalize(mdt_image* image, const double* mean, const double* deviation, int32_t to_rgb,
                                    mdt_image** result);

// In place, float32 only: pixel * factor, and pixel + shift, of one channel or of all (channel -1).
MDT_API int32_t mdt_image_multiply(mdt_image* image, int32_t channel, float factor);
MDT_API int32_t mdt_image_add(mdt_image* image, int32_t channel, float shift);

// In place, float32 only: values of one channel that left [0, period] by less than a period come back into it.
MDT_API int32_t mdt_image_wrap(mdt_image* image, int32_t channel, float period);

// In place: pixel = table[pixel], uint8 only; `table` holds 256 x channels values, channels side by side.
MDT_API int32_t mdt_image_look_up(mdt_image* image, const uint8_t* table);

// In place: copies `source`, of the same channels and depth, so that its top left pixel comes to (x, y).
MDT_API int32_t mdt_image_paste(mdt_image* image, mdt_image* source, int32_t x, int32_t y);

MDT_API int32_t mdt_image_permute(mdt_image* image, const int32_t* order, mdt_image** result);  // order of the channels

// Writes the planes (C, target_height, target_width) as float32, zero right of and below the image.
MDT_API int32_t mdt_image_to_planes(mdt_image* image, float* target, int32_t target_width, int32_t target_height);

// Drawing, in place, uint8 only, with anti-aliased lines. `color`: one value per channel, four at the most given.
// A negative thickness fills. Coordinates may lie outside.
MDT_API int32_t mdt_image_draw_rectangle(mdt_image* image, double x1, double y1, double x2, double y2,
                                         const double* color, int32_t thickness);
MDT_API int32_t mdt_image_blend_rectangle(mdt_image* image, int32_t x, int32_t y, int32_t width, int32_t height,
                                          const double* color, double opacity);
MDT_API int32_t mdt_image_draw_lines(mdt_image* image, const double* points, int32_t count, const double* color,
                                     int32_t thickness);  // `points`: x, y, x, y ... of one open line
MDT_API int32_t mdt_image_draw_text(mdt_image* image, const char* text, int32_t x, int32_t y, double scale,
                                    const double* color, int32_t thickness);  // (x, y): left end of the base line
MDT_API int32_t mdt_image_measure_text(const char* text, double scale, int32_t thickness, int32_t* width,
                                       int32_t* height, int32_t* below);  // above and below the base line
