using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Tests.Torch.Interop;

/// <summary>Limits read from files as Linux and containers show them, below a folder of the test.</summary>
public sealed class ProcessorQuotaTests : IDisposable
{
    private const string Version2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw";
    private const string Version1 = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct";

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_LimitOfTheOwnGroup_IsTheQuota()
    {
        Proc("0::/app", Version2);
        Write("sys/fs/cgroup/app/cpu.max", "150000 100000");

        Assert.Equal(1.5, ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_TighterLimitAbove_Holds()
    {
        Proc("0::/slice/app", Version2);
        Write("sys/fs/cgroup/slice/cpu.max", "50000 100000");
        Write("sys/fs/cgroup/slice/app/cpu.max", "400000 100000");

        Assert.Equal(0.5, ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_NoLimit_IsNull()
    {
        Proc("0::/app", Version2);
        Write("sys/fs/cgroup/app/cpu.max", "max 100000");

        Assert.Null(ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_ContainerWithItsOwnNameSpace_ReadsTheMountItself()
    {
        Proc("0::/", Version2);
        Write("sys/fs/cgroup/cpu.max", "250000 100000");

        Assert.Equal(2.5, ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_VersionOne_TakesTheTightestOfItsGroups()
    {
        Proc("4:memory:/other\n3:cpu,cpuacct:/slice/app\n0::/", Version1);
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");
        Write("sys/fs/cgroup/cpu,cpuacct/slice/cpu.cfs_quota_us", "30000");
        Write("sys/fs/cgroup/cpu,cpuacct/slice/cpu.cfs_period_us", "20000");
        Write("sys/fs/cgroup/cpu,cpuacct/slice/app/cpu.cfs_quota_us", "-1");
        Write("sys/fs/cgroup/cpu,cpuacct/slice/app/cpu.cfs_period_us", "100000");

        Assert.Equal(1.5, ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_VersionOneWithTheHostsPath_ReadsTheMountItself()
    {
        Proc("3:cpu:/docker/1a", "32 31 0:29 /docker/1a /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu");
        Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "75000");
        Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000");

        Assert.Equal(1.5, ProcessorQuota.Read(_root.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("150000")]
    [InlineData("0 100000")]
    [InlineData("150000 0")]
    [InlineData("many 100000")]
    public void Read_LineThatIsNoLimit_IsNull(string line)
    {
        Proc("0::/app", Version2);
        Write("sys/fs/cgroup/app/cpu.max", line);

        Assert.Null(ProcessorQuota.Read(_root.Path));
    }

    [Fact]
    public void Read_NoProc_IsNull() => Assert.Null(ProcessorQuota.Read(_root.Path));

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(1.0, 1)]
    [InlineData(1.5, 2)]
    [InlineData(4.0, 4)]
    [InlineData(null, int.MaxValue)]
    public void Within_Quota_IsThreadsThatUseItUp(double? quota, int threads) =>
        Assert.Equal(threads, PhysicalCores.Within(quota));

    private void Proc(string groups, string mounts)
    {
        Write("proc/self/cgroup", groups);
        Write("proc/self/mountinfo", $"23 1 254:0 / / rw - ext4 /dev/vda rw\n{mounts}");
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }
}
