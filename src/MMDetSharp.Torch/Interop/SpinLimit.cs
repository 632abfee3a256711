using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>Bounds how long an idle OpenMP thread spins for the others of its team.</summary>
/// <remarks>
/// libgomp's threads spin about a millisecond at each barrier before they sleep. Beside another busy process the one that
/// they wait for is often not scheduled, and they burn the time that it needs: training then runs at a fiftieth of its
/// speed. libgomp itself spins <see cref="Count"/> times where it knows of more threads than processors.
/// </remarks>
internal static partial class SpinLimit
{
    /// <summary>Spins before an idle thread sleeps: see benchmarks/load.</summary>
    internal const string Count = "1000";

    private const string Variable = "GOMP_SPINCOUNT";

    /// <summary>
    /// Sets the limit, unless the user has decided how threads wait. To be called before libgomp is loaded: it reads its
    /// environment then, and only then.
    /// </summary>
    internal static void Set()
    {
        var isDecided = Environment.GetEnvironmentVariable(Variable) is not null
            || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null;
        if (!isDecided && OperatingSystem.IsLinux())
        {
            // Environment.SetEnvironmentVariable changes a copy that native code does not see.
            _ = SetVariable(Variable, Count, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
