namespace MMDetSharp.Torch.Interop;

/// <summary>Keeps idle OpenMP threads from spinning while other processes want the processors.</summary>
/// <remarks>
/// libgomp reads how long to spin only when it is loaded, but it never spins long while it has more threads than there are
/// processors. So a thread of its own holds a few more in a crowd. Numbers do not change: no work is given to them.
/// </remarks>
internal static unsafe class LoadWatch
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts the watch, for the rest of the process.</summary>
    /// <param name="hold">The native function: holds more threads (1), or lets them go (0), for the thread that calls it.</param>
    internal static void Start(delegate* unmanaged<int, int> hold)
    {
        if (Directory.Exists("/proc/self/task"))
        {
            var address = (nint)hold;
            new Thread(() => Run((delegate* unmanaged<int, int>)address)) { IsBackground = true, Name = "load watch" }.Start();
        }
    }

    /// <summary>Whether threads that want to run have to wait.</summary>
    /// <param name="wasCrowded">The last answer: it takes more to begin a crowd than to go on with it.</param>
    /// <param name="running">Time that all threads ran in one period.</param>
    /// <param name="waiting">Time that they were ready, and did not.</param>
    internal static bool IsCrowded(bool wasCrowded, TimeSpan running, TimeSpan waiting) =>
        running + waiting < Period / 10 ? wasCrowded : waiting > running * (wasCrowded ? 0.25 : 0.5);

    private static void Run(delegate* unmanaged<int, int> hold)
    {
        var times = new ThreadTimes();
        var isCrowded = false;
        while (true)
        {
            Thread.Sleep(Period);
            var (running, waiting) = times.Advance();
            var now = IsCrowded(isCrowded, FromNanoseconds(running), FromNanoseconds(waiting));
            if (now != isCrowded && hold(now ? 1 : 0) == 0)
            {
                isCrowded = now;
            }
        }
    }

    private static TimeSpan FromNanoseconds(long count) => new(count / TimeSpan.NanosecondsPerTick);
}
