namespace MMDetSharp.Tests.Support;

/// <summary>
/// A test that needs a <see cref="TemporaryDisk"/>: skipped, with the reason, where it cannot be made.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TemporaryDiskFactAttribute : FactAttribute
{
    /// <summary>Looks whether a disk in memory can be mounted.</summary>
    public TemporaryDiskFactAttribute()
    {
        if (!TemporaryDisk.IsPermitted)
        {
            Skip = "A small disk in memory (tmpfs) cannot be mounted: run the tests as root to test a full disk.";
        }
    }
}
