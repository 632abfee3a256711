namespace MMDetSharp.Torch.Interop;

/// <summary>How long this process's threads ran, and how long they waited for a processor.</summary>
/// <param name="folder">The kernel's folder with one folder a thread.</param>
internal sealed class ThreadTimes(string folder = "/proc/self/task")
{
    private Dictionary<string, (long Running, long Waiting)> _before = [];

    /// <summary>Nanoseconds of all threads since the last call, or since their start.</summary>
    internal (long Running, long Waiting) Advance()
    {
        var now = new Dictionary<string, (long Running, long Waiting)>();
        var (running, waiting) = (0L, 0L);
        foreach (var thread in Directory.EnumerateDirectories(folder))
        {
            if (Read(Path.Combine(thread, "schedstat")) is not { } times)
            {
                continue;
            }

            var before = _before.GetValueOrDefault(thread);
            running += times.Running - before.Running;
            waiting += times.Waiting - before.Waiting;
            now[thread] = times;
        }

        _before = now;
        return (running, waiting);
    }

    // Nanoseconds on a processor, nanoseconds in the queue for one, turns. The thread may have ended.
    private static (long Running, long Waiting)? Read(string path)
    {
        try
        {
            var words = File.ReadAllText(path).Split(' ');
            return words.Length == 3 && long.TryParse(words[0], out var running) && long.TryParse(words[1], out var waiting)
                ? (running, waiting)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
