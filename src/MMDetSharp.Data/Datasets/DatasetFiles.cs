using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>The keys <c>ann_file</c>, <c>img_prefix</c> and <c>classes</c> of configs, which data sets of files share.</summary>
internal static class DatasetFiles
{
    /// <summary>One data set for each annotation file; several become one by concatenation.</summary>
    internal static IDetectionDataset Build(ConfigReader reader, Func<string, string, IDetectionDataset> build)
    {
        reader.Ignore("pipeline", "seg_prefix");
        var separate = reader.Bool("separate_eval", true);
        if (reader.Has("proposal_file"))
        {
            throw reader.Error("proposal_file", "is not supported: detectors make their own proposals. Remove it.");
        }

        var files = reader.StringsOrOne("ann_file") ?? [reader.String("ann_file")];
        var folders = reader.StringsOrOne("img_prefix") ?? [""];
        if (folders.Length != files.Length && folders.Length != 1)
        {
            throw reader.Error(
                "img_prefix", $"must be one folder, or one for each of {files.Length} ann_file, got {folders.Length}.");
        }

        var parts = files.Select((file, i) => build(file, folders.Length == 1 ? folders[0] : folders[i])).ToList();
        return parts.Count == 1 ? parts[0] : new ConcatDataset(parts, separate);
    }

    /// <summary>A list of names, or a file with one a line; null where the key is missing.</summary>
    internal static IReadOnlyList<string>? Classes(ConfigReader reader) => reader.RawOrNull("classes") switch
    {
        null => null,
        ConfigScalar => ClassNames.Load(reader.String("classes")),
        _ => reader.Strings("classes"),
    };
}
