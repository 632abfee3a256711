namespace MMDetSharp.Torch.Interop;

/// <summary>How much processor time cgroups give this process: the limit of a container.</summary>
internal static class ProcessorQuota
{
    /// <summary>In processors, 1.5 for instance: the least of the process's own group and all groups above it.</summary>
    /// <param name="root">The folder that holds proc; the mount points are looked up below it.</param>
    /// <returns>Null where there is no limit.</returns>
    internal static double? Read(string root = "/")
    {
        double? least = null;
        foreach (var folder in Groups(root))
        {
            if (LimitOf(folder) is { } limit && !(limit >= least))
            {
                least = limit;
            }
        }

        return least;
    }

    // The folders of the process's groups, version 1 and 2, each followed by those above it.
    private static IEnumerable<string> Groups(string root)
    {
        var mounts = Lines(Path.Combine(root, "proc/self/mountinfo")).Select(Mount.Parse).ToArray();
        foreach (var parts in Lines(Path.Combine(root, "proc/self/cgroup")).Select(line => line.Split(':', 3)))
        {
            var mount = Array.Find(mounts, mount => parts.Length == 3 && mount.Holds(parts[1]));
            if (mount is null)
            {
                continue;
            }

            var top = Path.Combine(root, mount.Folder.TrimStart('/'));
            yield return top;
            foreach (var name in mount.Below(parts[2]).Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                top = Path.Combine(top, name);
                yield return top;
            }
        }
    }

    // Version 2: "150000 100000" or "max 100000", in microseconds. Version 1: two files, and -1 for no limit.
    private static double? LimitOf(string folder)
    {
        var words = Lines(Path.Combine(folder, "cpu.max")).FirstOrDefault()?.Split(' ')
            ?? [.. Lines(Path.Combine(folder, "cpu.cfs_quota_us")), .. Lines(Path.Combine(folder, "cpu.cfs_period_us"))];
        return words.Length == 2 && long.TryParse(words[0], out var quota) && long.TryParse(words[1], out var period)
            && quota > 0 && period > 0
            ? (double)quota / period
            : null;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // What cannot be read limits nothing that could be known.
        }
    }

    /// <summary>One line of mountinfo: what part of the groups' tree can be seen, and where.</summary>
    private sealed record Mount(string Root, string Folder, string Type, string[] Controllers)
    {
        // 32 31 0:29 /docker/1a /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        internal static Mount Parse(string line)
        {
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            return dash < 5 || words.Length < dash + 4
                ? new("", "", "", [])
                : new(words[3], words[4], words[dash + 1], words[dash + 3].Split(','));
        }

        /// <summary>Whether this is where a line of /proc/self/cgroup with these controllers leads.</summary>
        internal bool Holds(string controllers) => controllers.Length == 0
            ? Type == "cgroup2"
            : Type == "cgroup" && controllers.Split(',').Contains("cpu") && Controllers.Contains("cpu");

        // A container sees its own group as the mount's root, while the path may still be the host's.
        internal string Below(string path)
        {
            var top = Root.TrimEnd('/');
            return path == top || path.StartsWith(top + "/", StringComparison.Ordinal) ? path[top.Length..] : "";
        }
    }
}
