using System.Globalization;
using System.Text.Json;

namespace MMDetSharp.Tests.Support;

/// <summary>The generator of weights against the reference's own vectors, bit for bit.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenFillTests
{
    private const string Vectors = "fill_vectors.json";

    [GoldenFact(Vectors)]
    public void Hash_RecordedKeys_IsRecorded()
    {
        foreach (var entry in Read("hash").EnumerateObject())
        {
            Assert.Equal(ulong.Parse(entry.Value.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                GoldenFill.Hash(entry.Name));
        }
    }

    [GoldenFact(Vectors)]
    public void Uniform_RecordedKeys_IsRecorded()
    {
        foreach (var entry in Read("uniform_24bit").EnumerateObject())
        {
            var expected = entry.Value.EnumerateArray().Select(value => value.GetInt64()).ToArray();

            var actual = GoldenFill.Uniform(entry.Name, expected.Length).Select(u => (long)(u * (1 << 24))).ToArray();

            Assert.Equal(expected, actual);
        }
    }

    [GoldenFact(Vectors)]
    public void Values_RecordedTensors_AreRecorded()
    {
        foreach (var entry in Read("tensors").EnumerateArray())
        {
            var key = entry.GetProperty("key").GetString()!;
            var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var first = entry.GetProperty("first").EnumerateArray().Select(value => (float)value.GetDouble()).ToArray();

            var values = GoldenFill.Values(key, shape, entry.GetProperty("is_param").GetBoolean())!;

            Assert.Equal(entry.GetProperty("gain").GetDouble(), GoldenFill.Gain(key));
            Assert.Equal(entry.GetProperty("bias_centre").GetDouble(), GoldenFill.BiasCentre(key));
            Assert.Equal(first, values.Take(first.Length));
            Assert.Equal(entry.GetProperty("sum").GetDouble(), values.Sum(value => (double)value), 1e-9);
        }
    }

    [Fact]
    public void Values_OtherBuffer_IsLeft()
    {
        Assert.Null(GoldenFill.Values("bbox_head.integral.project", [17], isParameter: false));
    }

    private static JsonElement Read(string key)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, Vectors)));
        return document.RootElement.GetProperty(key).Clone();
    }
}
