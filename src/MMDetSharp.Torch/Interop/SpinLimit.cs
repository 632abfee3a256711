using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>Bounds how long an idle OpenMP thread spins for the others of its team.</summary>
/// <remarks>
/// libgomp's threads spin for milliseconds at each barrier before they sleep. Beside another busy process the one that they
/// wait for is often not scheduled, and they burn the time that it needs: training then runs at a fiftieth of its speed.
/// To sleep early costs a quiet machine up to a tenth, for a sleeping processor wakes slowly. Hence both: a long spin, a
/// third of libgomp's own, and none at all while <see cref="LoadWatch"/> sees that others want the processors.
/// </remarks>
internal static partial class SpinLimit
{
    /// <summary>Spins before an idle thread sleeps, on a quiet machine: see benchmarks/load.</summary>
    internal const string Count = "100000";

    private const string CountVariable = "GOMP_SPINCOUNT";
    private const string PolicyVariable = "OMP_WAIT_POLICY";

    /// <summary>
    /// Sets the limit, unless the user has decided how threads wait. To be called before libgomp is loaded: it reads its
    /// environment then, and only then.
    /// </summary>
    /// <returns>Whether the limit was set.</returns>
    internal static bool Set()
    {
        var isDecided = Environment.GetEnvironmentVariable(CountVariable) is not null
            || Environment.GetEnvironmentVariable(PolicyVariable) is not null;
        if (isDecided || !OperatingSystem.IsLinux())
        {
            return false;
        }

        // Environment.SetEnvironmentVariable changes a copy that native code does not see. The policy makes it no spin
        // instead of a hundred where there are more threads than processors.
        return SetVariable(CountVariable, Count, overwrite: 0) == 0
            && SetVariable(PolicyVariable, "passive", overwrite: 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
