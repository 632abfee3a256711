using System.Text.Json;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// What a recorded model consists of (<c>name.manifest.json</c>): the ordered state dictionary and the parameters.
/// </summary>
internal sealed class GoldenManifest
{
    private GoldenManifest(JsonElement root)
    {
        Root = root;
        StateDict = [.. root.GetProperty("state_dict").EnumerateArray().Select(entry => new GoldenEntry(
            entry[0].GetString()!,
            [.. entry[1].EnumerateArray().Select(size => size.GetInt64())],
            entry[2].GetString()!))];
        Parameters = [.. root.GetProperty("params").EnumerateArray()
            .Select(entry => (entry[0].GetString()!, entry[1].GetBoolean()))];
    }

    /// <summary>All of the manifest, for keys not named here (<c>constants</c>, <c>config</c>).</summary>
    internal JsonElement Root { get; }

    /// <summary>The keys of the state dictionary with shapes and types, in order.</summary>
    internal IReadOnlyList<GoldenEntry> StateDict { get; }

    /// <summary>The parameters in the order of <c>named_parameters</c>, and whether each wants a gradient.</summary>
    internal IReadOnlyList<(string Name, bool RequiresGrad)> Parameters { get; }

    /// <summary>Reads <c>retinanet_r50_fpn_coco.manifest.json</c> for the name <c>retinanet_r50_fpn_coco</c>.</summary>
    internal static GoldenManifest Open(string model) => new(OpenRoot(model));

    /// <summary>As <see cref="Open"/>, for a manifest that only names another one.</summary>
    internal static JsonElement OpenRoot(string model)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, $"{model}.manifest.json")));
        return document.RootElement.Clone();
    }
}

/// <summary>One key of a state dictionary: <c>backbone.conv1.weight</c>, (64, 3, 7, 7), <c>float32</c>.</summary>
internal sealed record GoldenEntry(string Key, long[] Shape, string Type);
