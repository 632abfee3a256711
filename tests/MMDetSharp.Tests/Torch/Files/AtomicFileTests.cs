using MMDetSharp.Tests.Support;
using MMDetSharp.Tests.Torch.Checkpoints;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Tests.Torch.Files;

/// <summary>A file is replaced whole or not at all.</summary>
public sealed class AtomicFileTests
{
    [Fact]
    public void Write_NewFile_MakesItAndItsFolder()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("work_dirs/retinanet/latest.txt");

        AtomicFile.Write(path, stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_WriterThrows_LeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("a.txt"), "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.Under("a.txt"), stream =>
        {
            stream.Write("new"u8);
            throw new InvalidOperationException("stop");
        }));

        AssertOnlyOld(folder);
    }

    [Fact]
    public void Write_StreamFails_LeavesTheOldFileAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("a.txt"), "old");

        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(
            folder.Under("a.txt"),
            stream => stream.Write(new byte[100_000]),
            stream => new FullDiskStream(stream, room: 50_000)));

        Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The file that was there before is unchanged", failure.Message, StringComparison.Ordinal);
        AssertOnlyOld(folder);
    }

    [Fact]
    public void Write_FolderIsAFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("a.txt"), "old");

        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(folder.Under("a.txt/b.pth"), _ => { }));

        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ThroughALink_KeepsTheLink()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("epoch_1.pth"), "old");
        File.CreateSymbolicLink(folder.Under("latest.pth"), "epoch_1.pth");

        AtomicFile.Write(folder.Under("latest.pth"), stream => stream.Write("new"u8));

        Assert.Equal("epoch_1.pth", new FileInfo(folder.Under("latest.pth")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder.Under("epoch_1.pth")));
    }

    [TemporaryDiskFact]
    public void Write_DiskFull_LeavesTheOldCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var disk = new TemporaryDisk(folder.Path, "256k");
        var path = folder.Under("latest.pth");
        Checkpoint.Write(path, CheckpointWriteTests.Content());

        var failure = Assert.Throws<CheckpointException>(() => Checkpoint.Write(
            path, new() { State = [new("weight", StoredNumbers.Floats(new float[1_000_000], 1_000_000))] }));

        Assert.Contains("Free some space", failure.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
        using var checkpoint = Checkpoint.Read(path);
        Assert.Equal([1, 2, 3, 4, 5, 6], StoredNumbers.Of(checkpoint.State["backbone.conv1.weight"]));
    }

    private static void AssertOnlyOld(TemporaryFolder folder)
    {
        Assert.Equal("old", File.ReadAllText(folder.Under("a.txt")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
