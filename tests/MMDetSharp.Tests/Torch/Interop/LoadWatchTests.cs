using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Tests.Torch.Interop;

public sealed class LoadWatchTests
{
    [Theory]
    [InlineData(false, 450, 10, false)] // a quiet machine
    [InlineData(false, 300, 200, true)] // 200 > 300 / 2
    [InlineData(false, 300, 100, false)] // between the two limits it stays as it was
    [InlineData(true, 300, 100, true)]
    [InlineData(true, 300, 60, false)] // 60 < 300 / 4
    [InlineData(true, 5, 0, true)] // an idle program learns nothing
    [InlineData(false, 5, 15, false)]
    public void IsCrowded_TimesOfAPeriod_ComparesWaitingWithRunning(bool before, int running, int waiting, bool after)
    {
        var isCrowded = LoadWatch.IsCrowded(
            before, TimeSpan.FromMilliseconds(running), TimeSpan.FromMilliseconds(waiting), TimeSpan.FromMilliseconds(250));

        Assert.Equal(after, isCrowded);
    }

    [Fact]
    public void HoldThreads_OnAndOff_MakesThreadsAndFreesThem()
    {
        string[] held = [], left = [];
        var thread = new Thread(() =>
        {
            Native.Check(Native.HoldThreads(1));
            held = [.. ThreadsOf("hold threads")];
            Native.Check(Native.HoldThreads(0));
            SpinWait.SpinUntil(
                () => (left = [.. ThreadsOf("hold threads").Intersect(held)]).Length == 0, TimeSpan.FromSeconds(30));
        })
        {
            Name = "hold threads",
        };
        thread.Start();
        thread.Join();

        Assert.NotEmpty(held);
        Assert.Empty(left);
    }

    [Fact]
    public async Task Stop_InACall_WaitsForItAndNoneFollows()
    {
        using var folder = new TemporaryFolder();
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var calls = 0;
        WaitMore();
        var watch = new LoadWatch(
            _ =>
            {
                WaitMore();
                entered.Set();
                go.Wait();
                return false; // so that it is asked again at each look
            },
            new(folder.Path), TimeSpan.FromMilliseconds(1));
        var running = Task.Run(watch.Run);
        entered.Wait();

        var stopping = Task.Run(() =>
        {
            watch.Stop();
            return Volatile.Read(ref calls);
        });

        await Task.Delay(50);
        Assert.False(stopping.IsCompleted, "It did not wait for the call.");
        go.Set();
        await running;
        Assert.Equal(await stopping, calls);

        // Each time nine times as long as it ran.
        void WaitMore() => folder.Write("1/schedstat", $"{++calls}000000 {9 * calls}000000 3\n");
    }

    [Fact]
    public void Advance_ThreadsComeAndGo_CountsEachSinceItsLastTime()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1/schedstat", "100 10 3\n");
        folder.Write("2/schedstat", "7 5 1\n");
        var times = new ThreadTimes(folder.Path);

        Assert.Equal((107, 15), times.Advance());

        folder.Write("1/schedstat", "150 30 4\n");
        Directory.Delete(folder.Under("2"), recursive: true);
        folder.Write("3/schedstat", "20 1 1\n");
        Assert.Equal((70, 21), times.Advance()); // (150 - 100) + 20, (30 - 10) + 1
    }

    [Fact]
    public void Advance_KernelWithoutStatistics_SaysNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Under("1"));

        Assert.Equal((0, 0), new ThreadTimes(folder.Path).Advance());
    }

    // A new thread has the name of the one that made it; the runtime gives its own another one.
    private static IEnumerable<string> ThreadsOf(string maker) => Directory.EnumerateDirectories("/proc/self/task")
        .Where(thread => Read(thread, "comm") == maker && Path.GetFileName(thread) != CurrentThread());

    private static string CurrentThread() => Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", false)!.FullName);

    private static string Read(string thread, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, file)).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
