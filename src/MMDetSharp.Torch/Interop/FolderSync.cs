using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MMDetSharp.Torch.Interop;

/// <summary>Flushes a folder to the disk, so that a rename in it survives a loss of power.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Flushes, where the file system can: some cannot flush a folder, and then there is no more to do.
    /// </summary>
    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            _ = Synchronize(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(SafeFileHandle handle);
}
