namespace MMDetSharp.Torch.Interop;

/// <summary>Keeps idle OpenMP threads from spinning while other processes want the processors.</summary>
/// <remarks>
/// libgomp reads how long to spin only when it is loaded, but it never spins long while it has more threads than there are
/// processors. So a thread of its own holds a few more in a crowd. Numbers do not change: no work is given to them.
/// </remarks>
/// <param name="hold">Holds more threads, or lets them go, for the thread that calls it; says whether it could.</param>
/// <param name="times">Of this process's threads.</param>
/// <param name="period">From one look to the next.</param>
internal sealed class LoadWatch(Func<bool, bool> hold, ThreadTimes times, TimeSpan period)
{
    private readonly Lock _gate = new();
    private bool _isCrowded;
    private bool _isStopped;

    /// <summary>Starts the watch of the process, for the rest of it.</summary>
    /// <param name="hold">As of the constructor.</param>
    internal static void Start(Func<bool, bool> hold)
    {
        if (Directory.Exists("/proc/self/task"))
        {
            var watch = new LoadWatch(hold, new(), TimeSpan.FromMilliseconds(250));

            // After this event the native libraries free what they have: nobody may call them then.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => watch.Stop();
            new Thread(watch.Run) { IsBackground = true, Name = "load watch" }.Start();
        }
    }

    /// <summary>Looks until it is stopped.</summary>
    internal void Run()
    {
        do
        {
            Thread.Sleep(period);
        }
        while (Look());
    }

    /// <summary>Ends the watch; waits for the call that runs, none follows.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
        }
    }

    /// <summary>Whether threads that want to run have to wait.</summary>
    /// <param name="wasCrowded">The last answer: it takes more to begin a crowd than to go on with it.</param>
    /// <param name="running">Time that all threads ran in one period.</param>
    /// <param name="waiting">Time that they were ready, and did not.</param>
    /// <param name="period">The period.</param>
    internal static bool IsCrowded(bool wasCrowded, TimeSpan running, TimeSpan waiting, TimeSpan period) =>
        running + waiting < period / 10 ? wasCrowded : waiting > running * (wasCrowded ? 0.25 : 0.5);

    // False once it is stopped.
    private bool Look()
    {
        var (running, waiting) = times.Advance();
        var isCrowded = IsCrowded(_isCrowded, FromNanoseconds(running), FromNanoseconds(waiting), period);
        lock (_gate)
        {
            if (isCrowded != _isCrowded && !_isStopped && hold(isCrowded))
            {
                _isCrowded = isCrowded;
            }

            return !_isStopped;
        }
    }

    private static TimeSpan FromNanoseconds(long count) => new(count / TimeSpan.NanosecondsPerTick);
}
