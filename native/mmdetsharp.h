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

// Finds an operator, e.g. ("aten::add", "Tensor") or ("torchvision::nms", "").
MDT_API int32_t mdt_operator_find(const char* name, const char* overload, mdt_operator** result);

// Calls an operator. At most `capacity` results are written; `count` tells how many there are. Tensors in the results
// belong to the caller, as does the array of a tensor list (mdt_list_free frees the array, not the tensors).
MDT_API int32_t mdt_operator_call(mdt_operator* op, const mdt_value* arguments, int32_t argument_count,
                                  mdt_value* results, int32_t capacity, int32_t* count);
MDT_API void mdt_list_free(mdt_tensor** list);

// ---- Tensors --------------------------------------------------------------------------------------------------

MDT_API void mdt_tensor_free(mdt_tensor* tensor);  // null is allowed
MDT_API int32_t mdt_tensor_clone_handle(mdt_tensor* tensor, mdt_tensor** result);  // a second reference, same data

// Copies `bytes` bytes of row-major elements into a new CPU tensor.
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
MDT_API int32_t mdt_manual_seed(uint64_t seed);  // the default generators of all devices

// ---- The process ----------------------------------------------------------------------------------------------

MDT_API int32_t mdt_library_load(const char* path);  // a shared library with further operators
MDT_API int32_t mdt_threads(int32_t* result);
MDT_API int32_t mdt_set_threads(int32_t threads);
MDT_API int32_t mdt_set_deterministic(int32_t enabled);
MDT_API int32_t mdt_cuda_devices(int32_t* count);  // 0 where there is none, or no CUDA build

// Lines "name: value" on versions, capabilities and where the libraries came from. Owned by the library.
MDT_API int32_t mdt_describe(const char** text);
