using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>The memory functions of native/mmdetsharp.h, one to one and in the same order.</summary>
internal static partial class NativeAllocator
{
    static NativeAllocator() => NativeLoader.Install();

    [LibraryImport(Native.Library, EntryPoint = "mdt_memory_statistics")]
    internal static partial int Statistics(out long inUse, out long kept, out long peak);

    [LibraryImport(Native.Library, EntryPoint = "mdt_memory_trim")]
    internal static partial int Trim();
}
