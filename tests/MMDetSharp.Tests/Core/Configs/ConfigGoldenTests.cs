using System.Text.Json;
using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>Our recipes against the reference's resolution of its own: every value, ints apart from floats.</summary>
[Trait("Category", "Golden")]
public class ConfigGoldenTests
{
    private const string Recorded = "components/configs.json";
    private const string Extra = "components/configs_extra.json";
    private const string Failing = "configs/retinanet/retinanet_r50_caffe_fpn_mstrain_1x_coco.py";
    private const string Substitute = "configs/retinanet/retinanet_r50_fpn_coco.py";

    public static TheoryData<string> RecordedCases() => Cases(Recorded);

    public static TheoryData<string> ExtraCases() => Cases(Extra);

    /// <summary>What has no values is known by name: <see cref="Load_ConfigWithBrokenBase_IsTheSubstituteWithCaffeStyle"/>.</summary>
    [GoldenFact(Recorded)]
    public void Load_ConfigsThatTheReferenceCannot_AreThoseKnown()
    {
        using var recorded = Read(Recorded);

        Assert.Equal([Failing], recorded.RootElement.EnumerateObject().Where(entry => IsFailed(entry.Value)).Select(entry => entry.Name));
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(RecordedCases))]
    public void Load_RecordedConfig_EqualsTheReference(string file) => AssertEqual(Recorded, file);

    [GoldenTheory(Extra)]
    [MemberData(nameof(ExtraCases))]
    public void Load_ExtraConfig_EqualsTheReference(string file) => AssertEqual(Extra, file);

    /// <summary>The reference names a base that it does not have. Ours takes the one that exists.</summary>
    [GoldenFact(Recorded)]
    public void Load_ConfigWithBrokenBase_IsTheSubstituteWithCaffeStyle()
    {
        using var recorded = Read(Recorded);
        var substitute = recorded.RootElement.GetProperty(Substitute);
        var overrides = Config.Parse(
            """
            pretrained = 'open-mmlab://detectron2/resnet50_caffe'
            backbone = dict(norm_cfg=dict(requires_grad=False), norm_eval=True, style='caffe')
            """);
        var expected = (ConfigNode)FromJson(substitute.GetProperty("model"));
        new ConfigMerger(allowListKeys: false).Merge(overrides.Root, expected, "model");

        var model = Config.Load(RepositoryFolder.Under(Failing)).Root["model"];

        Assert.True(ConfigValue.Same(expected, model), $"expected {expected}\ngot {model}");
    }

    private static void AssertEqual(string recordedFile, string file)
    {
        using var recorded = Read(recordedFile);
        var entry = recorded.RootElement.GetProperty(file);

        var root = Config.Load(RepositoryFolder.Under(file)).Root;

        Assert.Equal(Lines(FromJson(entry)), Lines(root));
    }

    private static TheoryData<string> Cases(string file)
    {
        var cases = new TheoryData<string>();
        using var recorded = Read(file);
        foreach (var entry in recorded.RootElement.EnumerateObject().Where(entry => !IsFailed(entry.Value)))
        {
            cases.Add(entry.Name);
        }

        return cases;
    }

    private static bool IsFailed(JsonElement entry) => entry.TryGetProperty("__error__", out _);

    private static JsonDocument Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Goldens, file)));

    /// <summary>A line per leaf, sorted. The keys of JSON are strings, so ours are here.</summary>
    private static string[] Lines(ConfigValue value)
    {
        var lines = new List<string>();
        AddLines(lines, value, "");
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static void AddLines(List<string> lines, ConfigValue value, string key)
    {
        if (value is ConfigNode node)
        {
            lines.Add($"{key} is a dict of {node.Count}");
            foreach (var entry in node)
            {
                AddLines(lines, entry.Value, $"{key}/{entry.Name}");
            }
        }
        else if (value is ConfigSequence sequence)
        {
            lines.Add($"{key} is a {sequence.Kind} of {sequence.Count}");
            for (var i = 0; i < sequence.Count; i++)
            {
                AddLines(lines, sequence[i], $"{key}/{i}");
            }
        }
        else
        {
            lines.Add($"{key} = {value}");
        }
    }

    private static ConfigValue FromJson(JsonElement element)
    {
        var origin = new ConfigOrigin("recorded", 1, 1);
        return element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty("__tuple__", out var items) =>
                new ConfigSequence(ConfigKind.Tuple, Items(items), origin),
            JsonValueKind.Object => Node(element, origin),
            JsonValueKind.Array => new ConfigSequence(ConfigKind.List, Items(element), origin),
            JsonValueKind.Number when element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') >= 0 =>
                new ConfigScalar(element.GetDouble(), origin),
            JsonValueKind.Number => new ConfigScalar(element.GetInt64(), origin),
            JsonValueKind.String => new ConfigScalar(element.GetString(), origin),
            JsonValueKind.Null => new ConfigScalar(null, origin),
            _ => new ConfigScalar(element.GetBoolean(), origin),
        };
    }

    private static List<ConfigValue> Items(JsonElement array) => [.. array.EnumerateArray().Select(FromJson)];

    private static ConfigNode Node(JsonElement element, ConfigOrigin origin)
    {
        var node = new ConfigNode(origin);
        foreach (var entry in element.EnumerateObject())
        {
            node.Set(entry.Name, FromJson(entry.Value), origin);
        }

        return node;
    }
}
