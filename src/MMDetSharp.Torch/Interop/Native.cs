using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace MMDetSharp.Torch.Interop;

/// <summary>The functions of native/mmdetsharp.h, one to one and in the same order.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "mmdetsharp";

    static Native() => NativeLoader.Install();

    [LibraryImport(Library, EntryPoint = "mdt_last_error")]
    private static partial byte* LastError();

    [LibraryImport(Library, EntryPoint = "mdt_operator_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OperatorFind(string name, string overload, out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_operator_call")]
    internal static partial int OperatorCall(
        nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int capacity, out int count);

    [LibraryImport(Library, EntryPoint = "mdt_list_free")]
    internal static partial void ListFree(nint list);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_free")]
    internal static partial void TensorFree(nint tensor);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_clone_handle")]
    internal static partial int TensorCloneHandle(nint tensor, out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_from_memory")]
    internal static partial int TensorFromMemory(
        void* data, long bytes, int type, long* shape, int rank, out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_over_memory")]
    internal static partial int TensorOverMemory(
        void* data, int type, long* shape, int rank, delegate* unmanaged<nint, void> release, nint context,
        out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_to_memory")]
    internal static partial int TensorToMemory(nint tensor, void* data, long bytes);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_shape")]
    internal static partial int TensorShape(nint tensor, long* sizes, int capacity, out int rank);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_strides")]
    internal static partial int TensorStrides(nint tensor, long* strides, int capacity, out int rank);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_type")]
    internal static partial int TensorType(nint tensor, out int type);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_device")]
    internal static partial int TensorDevice(nint tensor, out int deviceType, out int deviceIndex);

    [LibraryImport(Library, EntryPoint = "mdt_tensor_data")]
    internal static partial int TensorData(nint tensor, out nint data);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_backward")]
    internal static partial int AutogradBackward(nint root);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_gradient")]
    internal static partial int AutogradGradient(nint tensor, out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_set_gradient")]
    internal static partial int AutogradSetGradient(nint tensor, nint gradient);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_requires")]
    internal static partial int AutogradRequires(nint tensor, out int result);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_set_requires")]
    internal static partial int AutogradSetRequires(nint tensor, int required);

    [LibraryImport(Library, EntryPoint = "mdt_autograd_mode")]
    internal static partial int AutogradMode(int enabled, out int previous);

    [LibraryImport(Library, EntryPoint = "mdt_generator_create")]
    internal static partial int GeneratorCreate(ulong seed, int deviceType, int deviceIndex, out nint result);

    [LibraryImport(Library, EntryPoint = "mdt_generator_free")]
    internal static partial void GeneratorFree(nint generator);

    [LibraryImport(Library, EntryPoint = "mdt_library_load", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LibraryLoad(string path);

    [LibraryImport(Library, EntryPoint = "mdt_threads")]
    internal static partial int Threads(out int result);

    [LibraryImport(Library, EntryPoint = "mdt_set_threads")]
    internal static partial int SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "mdt_hold_threads")]
    internal static partial int HoldThreads(int hold);

    [LibraryImport(Library, EntryPoint = "mdt_set_deterministic")]
    internal static partial int SetDeterministic(int enabled);

    [LibraryImport(Library, EntryPoint = "mdt_cuda_devices")]
    internal static partial int CudaDevices(out int count);

    [LibraryImport(Library, EntryPoint = "mdt_describe")]
    internal static partial int Describe(out byte* text);

    /// <summary>Throws the library's own message when <paramref name="status"/> reports a failure.</summary>
    /// <exception cref="TorchException">The native call failed.</exception>
    internal static void Check(int status, [CallerMemberName] string operation = "")
    {
        if (status != 0)
        {
            throw new TorchException($"{operation}: {Marshal.PtrToStringUTF8((nint)LastError())}");
        }
    }
}
