using System.Globalization;

using MMDetSharp.Core.Configs;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>Finds the names of the classes of another program's model.</summary>
internal static class ForeignNames
{
    /// <summary>
    /// Those of a names file (the one that was given; NAME.names or obj.names beside the model, or the only .names there, when it fits),
    /// else those that the model carries, else the data set's when their number fits, else COCO's 80 or VOC's 20 by their
    /// number, else numbers.
    /// </summary>
    /// <param name="model">The file that describes the model.</param>
    /// <param name="count">Its classes.</param>
    /// <param name="options">A names file and annotations, where they were given.</param>
    /// <param name="carried">The names that the model's file holds; null for none.</param>
    /// <exception cref="ConfigException">A names file does not fit.</exception>
    /// <exception cref="DatasetException">A names file or the annotations cannot be read.</exception>
    internal static IReadOnlyList<string> Find(
        string model, int count, ForeignModelOptions options, IReadOnlyList<string>? carried = null)
    {
        var file = options.Names ?? Beside(model, count);
        var own = file is null ? carried : Read(file, model, count);
        return options.Annotations is { } annotations
            ? OfAnnotations(CocoAnnotations.Load(annotations), count, own)
            : own ?? ByCount(count);
    }

    private static IReadOnlyList<string> Read(string file, string model, int count)
    {
        var names = ClassNames.Load(file);
        return names.Count == count ? names : throw new ConfigException(
            $"{file}: must hold one name for each of the {count} classes of {model}, holds {names.Count}. " +
            "Correct it, or name another file: --names FILE.");
    }

    // A file of another name counts when it is the only one and fits.
    private static string? Beside(string model, int count)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var stem = Path.GetFileNameWithoutExtension(model);
        string[] likely = [Path.Combine(folder, $"{stem}.names"), Path.Combine(folder, "obj.names")];
        if (Array.Find(likely, File.Exists) is { } found || !Directory.Exists(folder))
        {
            return Array.Find(likely, File.Exists);
        }

        var any = Directory.GetFiles(folder, "*.names");
        return any.Length == 1 && ClassNames.Load(any[0]).Count == count ? any[0] : null;
    }

    // The labels of the data set follow the order of its categories: the model's must be the same ones in that order.
    private static IReadOnlyList<string> OfAnnotations(CocoAnnotations set, int count, IReadOnlyList<string>? own)
    {
        string[] categories = [.. set.Categories.Select(category => category.Name)];
        if (categories.Length == count && (own is null || !SameInAnotherOrder(own, categories)))
        {
            return categories; // other programs spell COCO's names in their own way
        }

        var names = own ?? ByCount(count);
        if (SameInAnotherOrder(names, categories))
        {
            throw new ConfigException(
                $"{set.Path}: its categories are those of the model in another order ({string.Join(", ", categories)} " +
                $"instead of {string.Join(", ", names)}). Put them into the model's order.");
        }

        return names.Any(categories.Contains) ? names : throw new ConfigException(
            $"{set.Path}: must have the {count} classes of the model, has {categories.Length}: " +
            $"{string.Join(", ", categories.Take(10))}. Name the model's classes with --names FILE.");
    }

    private static bool SameInAnotherOrder(IReadOnlyList<string> names, string[] categories) =>
        !names.SequenceEqual(categories) && names.Count == categories.Length && names.All(categories.Contains);

    private static IReadOnlyList<string> ByCount(int count) =>
        count == ClassNames.Coco.Count ? ClassNames.Coco
        : count == ClassNames.Voc.Count ? ClassNames.Voc
        : [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
}
