using System.Numerics;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>What is written comes back the same.</summary>
public sealed class CheckpointWriteTests
{
    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("epoch_1.pth");

        Checkpoint.Write(path, Content());

        using var checkpoint = Checkpoint.Read(path);
        Assert.Equal(CheckpointFormat.TorchZip, checkpoint.Format);
        Assert.Equal(["backbone.conv1.weight", "backbone.bn1.num_batches_tracked"], checkpoint.State.Keys);
        Assert.Equal([1, 2, 3, 4, 5, 6], StoredNumbers.Of(checkpoint.State["backbone.conv1.weight"]));
        Assert.Equal([2, 3], checkpoint.State["backbone.conv1.weight"].Shape);
        Assert.Equal(ScalarType.Int64, checkpoint.State["backbone.bn1.num_batches_tracked"].Type);
        Assert.Empty(checkpoint.State["backbone.bn1.num_batches_tracked"].Shape);
        Assert.Equal(0.01, checkpoint.Optimizer!["param_groups"].AsList()[0].AsDictionary()["lr"].AsDouble());
    }

    [Fact]
    public void Write_PlainValues_ComeBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var meta = new StoredDictionary
        {
            ["none"] = StoredValue.None,
            ["true"] = true,
            ["small"] = 7,
            ["negative"] = -1,
            ["large"] = 1L << 40,
            ["huge"] = new StoredScalar(BigInteger.Pow(10, 30)),
            ["real"] = 0.1,
            ["text"] = "Größe 猫",
            ["bytes"] = new StoredScalar(bytes),
            ["tuple"] = new StoredList(["person", "car"], StoredSequenceKind.Tuple),
            ["set"] = new StoredList([1, 2], StoredSequenceKind.Set),
            ["empty"] = new StoredList(),
            ["dict"] = new StoredDictionary { ["a"] = new StoredList([1, 2.5, "x"]) },
        };

        Checkpoint.Write(path, new() { State = [], Meta = meta });

        using var checkpoint = Checkpoint.Read(path);
        var read = checkpoint.Meta;
        Assert.True(read["none"].IsNone);
        Assert.True(read["true"].AsBool());
        Assert.Equal([7, -1, 1L << 40], [read["small"].AsInt64(), read["negative"].AsInt64(), read["large"].AsInt64()]);
        Assert.Equal(BigInteger.Pow(10, 30), Assert.IsType<StoredScalar>(read["huge"]).Value);
        Assert.Equal(0.1, read["real"].AsDouble());
        Assert.Equal("Größe 猫", read["text"].AsString());
        Assert.Equal(bytes, Assert.IsType<StoredScalar>(read["bytes"]).Value);
        Assert.Equal(StoredSequenceKind.Tuple, read["tuple"].AsList().Kind);
        Assert.Equal(StoredSequenceKind.Set, read["set"].AsList().Kind);
        Assert.Empty(read["empty"].AsList());
        Assert.Equal(2.5, read["dict"].AsDictionary()["a"].AsList()[1].AsDouble());
    }

    [Fact]
    public void Write_SharedStorage_IsWrittenOnce()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        var whole = StoredNumbers.Floats(new float[100_000], 100_000);
        var part = new StoredTensor(whole.Storage, ScalarType.Float32, new StoredLayout([10, 5], [1, 10], 20));

        Checkpoint.Write(path, new() { State = [new("whole", whole), new("part", part)] });

        using var checkpoint = Checkpoint.Read(path);
        Assert.InRange(new FileInfo(path).Length, 400_000, 402_000);
        Assert.True(checkpoint.State["whole"].SharesStorageWith(checkpoint.State["part"]));
        Assert.Equal([1, 10], checkpoint.State["part"].Strides);
        Assert.Equal(20, checkpoint.State["part"].StorageOffset);
    }

    [Fact]
    public void Write_EveryStorage_BeginsAtAMultipleOf64()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");

        Checkpoint.Write(path, Content());

        using var file = CheckpointFiles.Map(path);
        Assert.All(ZipDirectory.Read(file).Entries, entry => Assert.Equal(0, entry.Start % 64));
    }

    [Fact]
    public void Write_InertObject_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var root = new StoredDictionary { ["model"] = new StoredObject("os", "system", []) };

        var failure = Assert.Throws<CheckpointException>(() => Checkpoint.WriteRoot(folder.Under("a.pth"), root));

        Assert.Contains("os.system", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_WithZip64Numbers_ComesBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        AtomicFile.Write(path, stream => new TorchZipWriter(stream, wideFrom: 8).Write(Content().ToRoot()));

        using var checkpoint = Checkpoint.Read(path);

        Assert.Equal([1, 2, 3, 4, 5, 6], StoredNumbers.Of(checkpoint.State["backbone.conv1.weight"]));
    }

    [Fact]
    public void ToTensor_OfLiveTensor_IsEqual()
    {
        using var scope = TensorScope.Begin();
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.pth");
        var tensor = Tensor.From(new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3);

        Checkpoint.Write(path, new()
        {
            State = [new("a", StoredTensor.From(tensor)), new("b", StoredTensor.From(tensor.Transpose(0, 1)))],
        });

        using var checkpoint = Checkpoint.Read(path);
        Assert.Equal(tensor.ToArray(), checkpoint.State["a"].ToTensor().ToArray());
        Assert.Equal([1, 4, 2, 5, 3, 6], checkpoint.State["b"].ToTensor().ToArray());
        Assert.Equal([3, 2], checkpoint.State["b"].ToTensor().Shape);
    }

    [Fact]
    public void State_AfterDispose_CannotBeRead()
    {
        using var folder = new TemporaryFolder();
        Checkpoint.Write(folder.Under("a.pth"), Content());
        var checkpoint = Checkpoint.Read(folder.Under("a.pth"));
        var tensor = checkpoint.State["backbone.conv1.weight"];

        checkpoint.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensor.ToBytes());
    }

    internal static CheckpointContent Content() => new()
    {
        State =
        [
            new("backbone.conv1.weight", StoredNumbers.Floats([1, 2, 3, 4, 5, 6], 2, 3)),
            new("backbone.bn1.num_batches_tracked", StoredTensor.FromBytes([9, 0, 0, 0, 0, 0, 0, 0], ScalarType.Int64)),
        ],
        Meta = new() { ["epoch"] = 1, ["CLASSES"] = new StoredList(["person"], StoredSequenceKind.Tuple) },
        Optimizer = new()
        {
            ["state"] = Indexed(new StoredDictionary
            {
                ["momentum_buffer"] = StoredNumbers.Floats([1, 2, 3, 4, 5, 6], 2, 3),
            }),
            ["param_groups"] = new StoredList(
                [new StoredDictionary { ["lr"] = 0.01, ["params"] = new StoredList([0]) }]),
        },
    };

    private static StoredDictionary Indexed(StoredValue first)
    {
        var state = new StoredDictionary();
        state.Set(0, first);
        return state;
    }
}
