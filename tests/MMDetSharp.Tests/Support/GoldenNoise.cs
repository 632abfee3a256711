using System.Text.Json;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// How far two runs of the reference differ from each other (<c>name.noise.json</c>): other convolution kernels, other
/// numbers of threads. It is the reason for a tolerance.
/// </summary>
internal sealed class GoldenNoise
{
    private readonly Dictionary<string, JsonElement> _entries;

    private GoldenNoise(Dictionary<string, JsonElement> entries) => _entries = entries;

    /// <summary>The recorded names; integer tensors that did not differ are not among them.</summary>
    internal IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Reads <c>retinanet_r50_fpn_coco.noise.json</c> for the name <c>retinanet_r50_fpn_coco</c>.</summary>
    internal static GoldenNoise Open(string model) =>
        new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
            File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, $"{model}.noise.json")))!);

    /// <summary>The largest absolute difference of a tensor (plain name); 0 where none was recorded.</summary>
    internal double Absolute(string name) => Find(name, "abs") is { } entry ? entry[1].GetDouble() : 0;

    /// <summary>
    /// The relative differences of a vector of norms or sums: median, 95th percentile, largest; 0 where none.
    /// </summary>
    internal (double Median, double Percentile95, double Largest) Relative(string name) =>
        Find(name, "rel") is { } entry
            ? (entry[1].GetDouble(), entry[2].GetDouble(), entry[3].GetDouble())
            : (0, 0, 0);

    /// <summary>How many integers of a tensor differed between the two runs; 0 where none did.</summary>
    internal long IntegerMismatches(string name) => Find(name, "int_mismatch") is { } entry ? entry[1].GetInt64() : 0;

    /// <summary>Whether even the shape differed between the two runs: a near tie swapped, so compare as sets.</summary>
    internal bool ShapeDiffers(string name) => Find(name, "shape") is not null;

    private JsonElement? Find(string name, string kind)
    {
        var found = _entries.TryGetValue(name, out var entry) || _entries.TryGetValue(name + "#sub", out entry);
        return found && entry[0].GetString() == kind ? entry : null;
    }
}
