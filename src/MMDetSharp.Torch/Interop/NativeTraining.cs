using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>The training functions of native/mmdetsharp.h, one to one and in the same order.</summary>
internal static partial class NativeTraining
{
    static NativeTraining() => NativeLoader.Install();

    [LibraryImport(Native.Library, EntryPoint = "mdt_convolution_3x3")]
    internal static partial int Convolution3x3(nint input, nint weight, nint bias, out nint result);
}
