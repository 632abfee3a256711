using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Keys that several transforms have in configs.</summary>
internal static class StepKeys
{
    /// <summary>Files come from the disk.</summary>
    internal static void RequireDisk(ConfigReader reader)
    {
        if (reader.NodeOrNull("file_client_args") is { } client)
        {
            client.ChoiceOr("backend", "disk", "disk");
            client.Done();
        }
    }

    /// <summary><c>img_scale</c>: one scale or several; none where it is missing.</summary>
    internal static List<ImageScale> Scales(ConfigReader reader) =>
        [.. (reader.IntPairsOrNull("img_scale") ?? []).Select(pair => new ImageScale(pair.First, pair.Second))];

    /// <summary><c>img_scale</c> as the size of the result.</summary>
    internal static (int Height, int Width) Size(ConfigReader reader, (int Height, int Width) standard)
    {
        var (height, width) = reader.IntPairOrOne("img_scale") is { } size ? (size.First, size.Second) : standard;
        return height > 0 && width > 0
            ? (height, width)
            : throw reader.Error("img_scale", $"must be positive, got ({height}, {width}). Correct it.");
    }

    /// <summary>The directions of flips, horizontal where the key is missing.</summary>
    internal static FlipDirection[] Directions(ConfigReader reader, string key)
    {
        var names = reader.StringsOrOne(key) ?? ["horizontal"];
        return [.. names.Select(name => name switch
        {
            "horizontal" => FlipDirection.Horizontal,
            "vertical" => FlipDirection.Vertical,
            "diagonal" => FlipDirection.Diagonal,
            _ => throw reader.Error(key, $"must be of horizontal, vertical and diagonal, got '{name}'. Correct it."),
        })];
    }

    /// <summary><c>prob</c>: how likely the step is done.</summary>
    internal static double Probability(ConfigReader reader, double standard)
    {
        var probability = reader.Float("prob", standard);
        return probability is >= 0 and <= 1
            ? probability
            : throw reader.Error("prob", $"must be within 0 and 1, got {probability}. Correct it.");
    }

    /// <summary>A mean as the pixels of images before Normalize: it is written in the order of the network's input.</summary>
    internal static double[] Bgr(ConfigReader reader, double[] mean) =>
        reader.Bool("to_rgb", true) ? [.. mean.Reverse()] : mean;
}
