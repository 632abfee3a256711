using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>The memory of CPU tensors. Free memory is kept for the next tensor; the system sees it as in use.</summary>
/// <remarks><c>MMDET_ALLOCATOR=system</c> in the environment turns this off: for measuring, and for memory checkers.</remarks>
public static class TensorMemory
{
    /// <summary>Bytes in tensors, bytes kept free, and the most that were in use at one time, without small tensors.</summary>
    public static (long InUse, long Kept, long Peak) Statistics
    {
        get
        {
            Native.Check(NativeAllocator.Statistics(out var inUse, out var kept, out var peak));
            return (inUse, kept, peak);
        }
    }

    /// <summary>Gives all kept memory back to the system.</summary>
    public static void Trim() => Native.Check(NativeAllocator.Trim());
}
