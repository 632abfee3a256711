using System.Text.Json;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Both formats that PyTorch wrote, against what Python reads from them.</summary>
[Trait("Category", "Golden")]
public sealed class CheckpointGoldenTests
{
    private const string Recorded = "components/ckpt.json";

    [GoldenTheory(Recorded)]
    [InlineData("ckpt_legacy.pth", CheckpointFormat.TorchLegacy)]
    [InlineData("ckpt_zip.pth", CheckpointFormat.TorchZip)]
    public void Read_RecordedFile_HasRecordedTensors(string file, CheckpointFormat format)
    {
        var expected = ReadRecorded();

        using var checkpoint = Checkpoint.Read(Path.Combine(RepositoryFolder.Goldens, "components", file));

        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(
            expected.GetProperty("order").EnumerateArray().Select(key => key.GetString()), checkpoint.State.Keys);
        foreach (var entry in expected.GetProperty("state_dict").EnumerateObject())
        {
            var tensor = checkpoint.State[entry.Name];
            var values = entry.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble());
            Assert.Equal(entry.Value.GetProperty("dtype").GetString(), tensor.Type.ToString().ToLowerInvariant());
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64());
            Assert.Equal(shape, tensor.Shape);
            Assert.Equal(values, StoredNumbers.Of(tensor));
        }
    }

    [GoldenTheory(Recorded)]
    [InlineData("ckpt_legacy.pth")]
    [InlineData("ckpt_zip.pth")]
    public void Read_RecordedFile_HasRecordedMetaAndOptimizer(string file)
    {
        var expected = ReadRecorded();

        using var checkpoint = Checkpoint.Read(Path.Combine(RepositoryFolder.Goldens, "components", file));

        foreach (var entry in expected.GetProperty("meta").EnumerateObject())
        {
            AssertEqual(entry.Value, checkpoint.Meta[entry.Name]);
        }

        var optimizer = checkpoint.Optimizer!;
        Assert.True(optimizer["state"].AsDictionary().TryGet(0, out var first));
        Assert.Equal(
            expected.GetProperty("momentum_buffer").EnumerateArray().Select(value => value.GetDouble()),
            StoredNumbers.Of(first.AsDictionary()["momentum_buffer"].AsTensor()));
        AssertEqual(expected.GetProperty("param_groups"), optimizer["param_groups"]);
    }

    [GoldenTheory(Recorded)]
    [InlineData("ckpt_legacy.pth")]
    [InlineData("ckpt_zip.pth")]
    public void Read_ViewsOfOneTensor_ShareTheirStorage(string file)
    {
        using var checkpoint = Checkpoint.Read(Path.Combine(RepositoryFolder.Goldens, "components", file));

        Assert.True(checkpoint.State["view_row"].SharesStorageWith(checkpoint.State["transposed"]));
        Assert.False(checkpoint.State["transposed"].IsContiguous);
    }

    private static JsonElement ReadRecorded()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, Recorded)));
        return document.RootElement.Clone();
    }

    private static void AssertEqual(JsonElement expected, StoredValue actual)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var entry in expected.EnumerateObject())
                {
                    AssertEqual(entry.Value, actual.AsDictionary()[entry.Name]);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.AsList().Count);
                Assert.All(
                    expected.EnumerateArray().Zip(actual.AsList()), pair => AssertEqual(pair.First, pair.Second));
                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), actual.AsString());
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetDouble(), actual.AsDouble());
                break;
            case JsonValueKind.Null:
                Assert.True(actual.IsNone);
                break;
            default:
                Assert.Equal(expected.GetBoolean(), actual.AsBool());
                break;
        }
    }
}
