using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Truncated and damaged files: one clear exception, never a crash, never a hang, never all memory.</summary>
public sealed class CheckpointDamageTests
{
    [GoldenTheory("components/ckpt.json")]
    [InlineData("components/ckpt_legacy.pth")]
    [InlineData("components/ckpt_zip.pth")]
    [Trait("Category", "Golden")]
    public void Read_RecordedFileCutOrChangedSomewhere_FailsClearly(string file)
    {
        var whole = File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, file));

        AssertEveryCutFails(whole, step: 11);
        AssertEveryChangeIsHandled(whole, step: 13);
    }

    [GoldenTheory("components/ckpt.json")]
    [InlineData("components/ckpt_legacy.pth")]
    [InlineData("components/ckpt_zip.pth")]
    [Trait("Category", "Long")]
    public void Read_RecordedFileCutOrChangedAnywhere_FailsClearly(string file)
    {
        var whole = File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, file));

        AssertEveryCutFails(whole);
        AssertEveryChangeIsHandled(whole);
    }

    [Fact]
    public void Read_SafetensorsCutAnywhere_SaysSo() => AssertEveryCutFails(Safetensors());

    [Fact]
    public void Read_SafetensorsWithAnyByteChanged_FailsClearlyOrReads() => AssertEveryChangeIsHandled(Safetensors());

    [Fact]
    public void Read_LegacyStorageCut_NamesStorageAndBytes()
    {
        var legacy = LegacyFile.Make(elements: 4, written: 3);

        var failure = Assert.Throws<CheckpointException>(() => ReadAll(legacy));

        Assert.Contains("is truncated: expected 16 bytes for storage 7, found 12. Copy or download it again.",
            failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ZipStorageShorterThanClaimed_NamesStorageAndBytes()
    {
        // A pickle that claims 4 floats of a storage that has 3: 16 bytes wanted, 12 there.
        var zip = ZipFile(LegacyFile.TensorPickle(elements: 4), new byte[12]);

        var failure = Assert.Throws<CheckpointException>(() => ReadAll(zip));

        Assert.Contains("expected 16 bytes for storage 7, found 12", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StorageWithChangedBytes_NamesTheCheckSum()
    {
        var zip = ZipFile(LegacyFile.TensorPickle(elements: 3), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        zip[zip.AsSpan().IndexOf(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]++;

        var failure = Assert.Throws<CheckpointException>(() => ReadAll(zip));

        Assert.Contains("check sum", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0], "an empty file")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 }, "another format")]
    public void Read_OtherFile_SaysWhatItIs(byte[] content, string expected)
    {
        var failure = Assert.Throws<CheckpointException>(() => ReadAll(content));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TarArchive_SaysSo()
    {
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        var failure = Assert.Throws<CheckpointException>(() => ReadAll(tar));

        Assert.Contains("a tar archive", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_SaysSo() => Assert.Contains(
        "there is no such file",
        Assert.Throws<CheckpointException>(() => Checkpoint.Read("/nowhere/latest.pth")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_Folder_SaysSo() => Assert.Contains(
        "is a folder",
        Assert.Throws<CheckpointException>(() => Checkpoint.Read(Path.GetTempPath())).Message,
        StringComparison.Ordinal);

    private static byte[] Safetensors()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.safetensors");
        SafetensorsFile.Write(path, [
            new("weight", StoredNumbers.Floats([1, 2, 3, 4, 5, 6], 2, 3)),
            new("bias", StoredNumbers.Floats([7, 8], 2)),
        ]);
        return File.ReadAllBytes(path);
    }

    private static byte[] ZipFile(byte[] pickle, byte[] storage)
    {
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream);
        zip.Add("archive/data.pkl", pickle);
        zip.Add("archive/data/7", storage);
        zip.Finish();
        return stream.ToArray();
    }

    private static void AssertEveryCutFails(byte[] whole, int step = 1)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        ReadAll(path, whole);
        for (var length = 0; length < whole.Length; length += step)
        {
            Assert.Throws<CheckpointException>(() => ReadAll(path, whole.AsSpan(0, length)));
        }
    }

    private static void AssertEveryChangeIsHandled(byte[] whole, int step = 1)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        byte[] masks = [0x01, 0x80, 0xFF];
        for (var place = 0; place < whole.Length; place += step)
        {
            var kept = whole[place];
            whole[place] ^= masks[place % masks.Length];
            var failure = Record.Exception(() => ReadAll(path, whole));
            Assert.True(failure is null or CheckpointException, $"byte {place}: {failure}");
            whole[place] = kept;
        }
    }

    private static void ReadAll(byte[] content)
    {
        using var folder = new TemporaryFolder();
        ReadAll(folder.Under("a.pth"), content);
    }

    // Reads everything that a user could ask for.
    private static void ReadAll(string path, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(path, content);
        using var checkpoint = Checkpoint.Read(path);
        foreach (var tensor in checkpoint.State.Values)
        {
            tensor.ToBytes();
        }

        _ = (checkpoint.Meta.Count, checkpoint.Optimizer?.Count);
    }
}
