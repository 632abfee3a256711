using System.Globalization;

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.Inference;

/// <summary>Finds the names of a model's classes.</summary>
internal static class ClassNameLookup
{
    /// <summary>Those of the checkpoint, else of the config's test set, else numbers; as many as the model has classes.</summary>
    /// <param name="meta">What the checkpoint holds beside tensors: perhaps <c>CLASSES</c>.</param>
    /// <param name="config">Its <c>data.test</c> may name them; no annotation file is opened.</param>
    /// <param name="count">The model's classes.</param>
    internal static IReadOnlyList<string> Find(StoredDictionary meta, Config config, int count)
    {
        var names = FromCheckpoint(meta) ?? FromConfig(config) ?? [];
        return
        [
            .. Enumerable.Range(0, count).Select(
                i => i < names.Count ? names[i] : i.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The names that a checkpoint carries, or null.</summary>
    internal static IReadOnlyList<string>? FromCheckpoint(StoredDictionary meta) =>
        meta.TryGet("CLASSES", out var stored) && stored is StoredList { Count: > 0 } list
            ? [.. list.Select(name => name.AsString())]
            : null;

    private static IReadOnlyList<string>? FromConfig(Config config)
    {
        var data = new ConfigReader(config.Root).NodeOrNull("data");
        return data is not null && data.Has("test") ? FromNode(data.NodesOrOne("test")[0]) : null;
    }

    private static IReadOnlyList<string>? FromNode(ConfigReader node)
    {
        if (node.NodeOrNull("dataset") is { } inner)
        {
            return FromNode(inner);
        }

        return node.RawOrNull("classes") switch
        {
            ConfigSequence => node.Strings("classes"),
            ConfigScalar { Content: string path } => ClassNames.Load(path),
            _ => OfType(node.StringOrNull("type")),
        };
    }

    private static IReadOnlyList<string>? OfType(string? type) => type switch
    {
        "CocoDataset" => ClassNames.Coco,
        "VOCDataset" or "VOC_CocoFormat" => ClassNames.Voc,
        "WIDERFaceDataset" or "WiderFace_CocoFormat" => ClassNames.WiderFace,
        _ => null,
    };
}
