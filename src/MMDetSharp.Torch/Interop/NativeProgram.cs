using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>The compilation functions of native/mmdetsharp.h, one to one and in the same order.</summary>
internal static unsafe partial class NativeProgram
{
    static NativeProgram() => NativeLoader.Install();

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_trace")]
    internal static partial int Trace(
        delegate* unmanaged<nint, nint*, int, nint*, int, int> function, nint context, nint* inputs, int inputCount,
        nint* names, nint* weights, int* isParameter, int weightCount, out ProgramHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_load", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Load(string path, out ProgramHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_save", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Save(ProgramHandle program, string path);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_free")]
    internal static partial void Free(nint program);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_run")]
    internal static partial int Run(
        ProgramHandle program, nint* inputs, int inputCount, nint* results, int capacity, out int count);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_describe")]
    internal static partial int Describe(ProgramHandle program, out byte* text);

    [LibraryImport(Native.Library, EntryPoint = "mdt_program_why_not_planned")]
    internal static partial int WhyNotPlanned(ProgramHandle program, out byte* text);

    [LibraryImport(Native.Library, EntryPoint = "mdt_upsample_nearest_like")]
    internal static partial int UpsampleNearestLike(nint maps, nint reference, out nint result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_adaptive_max_pool_like")]
    internal static partial int AdaptiveMaxPoolLike(nint maps, nint reference, out nint result);
}
