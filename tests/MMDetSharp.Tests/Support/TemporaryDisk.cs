using System.Diagnostics;

namespace MMDetSharp.Tests.Support;

/// <summary>A small disk in memory (tmpfs) over a folder, to test a full one; only root can make it.</summary>
internal sealed class TemporaryDisk : IDisposable
{
    private static readonly Lazy<bool> Permitted = new(Try);
    private readonly string _folder;

    /// <param name="folder">An existing folder.</param>
    /// <param name="size">Its room: <c>256k</c>.</param>
    internal TemporaryDisk(string folder, string size)
    {
        _folder = folder;
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder));
    }

    /// <summary>Whether this process may make one.</summary>
    internal static bool IsPermitted => Permitted.Value;

    /// <inheritdoc/>
    public void Dispose() => Run("umount", _folder);

    private static bool Try()
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
        {
            return false;
        }

        using var folder = new TemporaryFolder();
        if (Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path) != 0)
        {
            return false;
        }

        return Run("umount", folder.Path) == 0;
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
