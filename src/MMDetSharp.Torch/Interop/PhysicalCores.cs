namespace MMDetSharp.Torch.Interop;

/// <summary>Counts the cores of this process: two hardware threads of one core share its arithmetic.</summary>
internal static class PhysicalCores
{
    /// <summary>At least 1; no more than the logical processors that this process may use, or its groups' limit.</summary>
    internal static int Count() => Math.Min(
        Math.Min(Environment.ProcessorCount, Within(ProcessorQuota.Read())),
        File.Exists("/proc/cpuinfo") ? Parse(File.ReadLines("/proc/cpuinfo")) ?? int.MaxValue : int.MaxValue);

    /// <summary>The threads for a quota, rounded up: one thread cannot use 1.5 processors.</summary>
    /// <remarks>
    /// Two threads at 1.5 processors train RetinaNet-R50 five times as fast as one, which libtorch gives no oneDNN for 1x1
    /// convolutions; a small network runs up to a fifth slower. See benchmarks/load.
    /// </remarks>
    internal static int Within(double? quota) => quota is { } limit ? (int)Math.Ceiling(limit) : int.MaxValue;

    /// <summary>Distinct pairs of processor and core; null where the file does not tell.</summary>
    internal static int? Parse(IEnumerable<string> lines)
    {
        var cores = new HashSet<(string Package, string Core)>();
        var package = "";
        foreach (var parts in lines.Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)))
        {
            if (parts[0] == "physical id")
            {
                package = parts[1];
            }
            else if (parts[0] == "core id")
            {
                cores.Add((package, parts[1]));
            }
        }

        return cores.Count == 0 ? null : cores.Count;
    }
}
