using System.Buffers.Binary;
using System.Text;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>safetensors both ways, and headers that lie.</summary>
public sealed class SafetensorsFileTests
{
    [Fact]
    public void Write_EveryType_ComesBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.safetensors");
        var tensors = Enum.GetValues<ScalarType>().Select((type, i) => KeyValuePair.Create(
            type.ToString(),
            StoredTensor.FromBytes(Enumerable.Repeat((byte)(i + 1), 3 * type.ElementSize()).ToArray(), type, 3, 1)))
            .ToList();
        tensors.Add(new("scalar", StoredNumbers.Floats([7])));
        tensors.Add(new("empty", StoredNumbers.Floats([], 0, 4)));

        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });

        using var file = SafetensorsFile.Read(path);
        Assert.Equal(tensors.Select(entry => entry.Key), file.Tensors.Keys);
        Assert.All(tensors, entry => Assert.Equal(entry.Value.ToBytes(), file.Tensors[entry.Key].ToBytes()));
        Assert.All(tensors, entry => Assert.Equal(entry.Value.Shape, file.Tensors[entry.Key].Shape));
        Assert.Equal("pt", file.Metadata["format"]);
        using var checkpoint = Checkpoint.Read(path);
        Assert.Equal(CheckpointFormat.Safetensors, checkpoint.Format);
        Assert.Equal("pt", checkpoint.Meta["format"].AsString());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "one of the types BOOL")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not lie in its storage")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", "4 bytes for Float32 (1,)")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "does not lie in its storage")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begin at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "must take all 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "is truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets [begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "the entry 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "does not lie in")]
    [InlineData("""{"a":[]}""", "JSON")]
    [InlineData("""{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "JSON")]
    public void Read_HeaderThatLies_FailsClearly(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.safetensors");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(path, [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[8]]);

        var failure = Assert.Throws<CheckpointException>(() => SafetensorsFile.Read(path));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }
}
