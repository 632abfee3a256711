using System.Globalization;

using MMDetSharp.Core.Configs;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>Values as the text of a config writes them.</summary>
internal static class ForeignText
{
    /// <summary>A str in quotes.</summary>
    internal static string Quote(string text) => new ConfigScalar(text, default).ToString();

    /// <summary>A list of strs.</summary>
    internal static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>A float.</summary>
    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A bool.</summary>
    internal static string Bool(bool value) => value ? "True" : "False";

    /// <summary>The node <c>data</c> of a model that is only used: its test set, with the pipeline <c>test_pipeline</c>.</summary>
    /// <param name="classes">The names of the model's classes.</param>
    /// <param name="options">Annotations and images, where they were given.</param>
    internal static string Data(IReadOnlyList<string> classes, ForeignModelOptions options) => $"""
        data = dict(
            workers_per_gpu=2,
            test=dict(
                type='CocoDataset',
                classes={List(classes)},
                ann_file={Quote(options.Annotations ?? "")},
                img_prefix={Quote(options.Images ?? "")},
                pipeline=test_pipeline))
        """;
}
