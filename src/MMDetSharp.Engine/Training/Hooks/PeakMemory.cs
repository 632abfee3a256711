using System.Diagnostics;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>The memory that the log tells of.</summary>
internal static class PeakMemory
{
    /// <summary>The most memory that the process has held so far, in MiB.</summary>
    /// <remarks>Differs from the reference, which tells of CUDA memory only.</remarks>
    internal static long Megabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }
}
