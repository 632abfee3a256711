using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.Detectors;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>
/// Models in the files of other programs, used as they are: each becomes the config that says the same, with that
/// program's preprocessing, thresholds and suppression, and everything else works on the config.
/// </summary>
public static class ForeignModel
{
    // One row per file ending of what describes the model.
    private static readonly ForeignFormat[] s_formats =
    [
        DarknetModel.Format,
        YoloV5Model.Format,
    ];

    /// <summary>Whether a file is a model of another program, by its ending.</summary>
    /// <param name="path">What was given as config.</param>
    public static bool IsForeign(string path) => Of(path) is not null;

    /// <summary>Reads a config file, or makes the config of another program's model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the files of other programs do not say.</param>
    /// <param name="overrides">Values to replace, as on the command line.</param>
    /// <exception cref="ConfigException">It is wrong; the message tells file and line.</exception>
    public static Config LoadConfig(string path, ForeignModelOptions options, IEnumerable<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(overrides);
        return Of(path) is { } format
            ? Config.Parse(format.Describe(path, options), path + ".py", overrides)
            : Config.Load(path, [.. DataOverrides(options), .. overrides]);
    }

    /// <summary>The file of the weights: the given one, or the model's own where it holds them too.</summary>
    /// <param name="path">What was given as config.</param>
    /// <param name="checkpoint">What was given as weights; null for nothing.</param>
    /// <exception cref="ArgumentException">Nothing was given and the config holds no weights.</exception>
    public static string Weights(string path, string? checkpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = Of(path);
        return checkpoint ?? (format is not null && format.WeightsEnding == format.Ending
            ? path
            : throw new ArgumentException(
                $"{path}: weights are needed to detect. Name them behind it, " +
                $"such as {Path.GetFileNameWithoutExtension(path)}{format?.WeightsEnding ?? ".pth"}"));
    }

    /// <summary>Copies the weights of another program's file into a model.</summary>
    /// <returns>False, and nothing done, for a file that is no such thing: read it as a checkpoint.</returns>
    internal static bool TryLoadWeights(Detector model, string path) => Array.Exists(
        s_formats, format => HasEnding(path, format.WeightsEnding) && format.TryLoadWeights(model, path));

    private static ForeignFormat? Of(string path) => Array.Find(s_formats, format => HasEnding(path, format.Ending));

    private static bool HasEnding(string path, string ending) =>
        path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> DataOverrides(ForeignModelOptions options)
    {
        if (options.Annotations is { } annotations)
        {
            yield return $"data.test.ann_file={annotations}";
        }

        if (options.Images is { } images)
        {
            yield return $"data.test.img_prefix={images}";
        }
    }
}
