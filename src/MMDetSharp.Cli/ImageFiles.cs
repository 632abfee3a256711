using System.Text.RegularExpressions;

namespace MMDetSharp.Cli;

/// <summary>Which images a file, a folder or a pattern means, and where their painted copies go.</summary>
internal static class ImageFiles
{
    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"];

    /// <summary>The image files that a path means, sorted by name.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    internal static IReadOnlyList<string> Find(string what)
    {
        if (File.Exists(what))
        {
            return [what];
        }

        var files = Directory.Exists(what) ? InFolder(what, "*") : InFolder(Parent(what), Path.GetFileName(what));
        return files.Count > 0 ? files : throw new FileNotFoundException(
            $"{what}: must be an image, a folder of images or a pattern that fits some, it is none. " +
            $"Images end in {string.Join(" ", s_extensions)}.");
    }

    /// <summary>Where the painted copy of each image goes.</summary>
    /// <param name="files">As <see cref="Find"/> returned them.</param>
    /// <param name="target">An image, or a folder for several; null for a name beside each image.</param>
    /// <exception cref="UsageException">Several images would go to one file.</exception>
    internal static IReadOnlyList<string> Targets(IReadOnlyList<string> files, string? target)
    {
        if (target is null)
        {
            return [.. files.Select(file => Path.GetFileNameWithoutExtension(file) + ".found.jpg")];
        }

        var isImage = s_extensions.Contains(Path.GetExtension(target).ToLowerInvariant());
        if (isImage && files.Count > 1)
        {
            throw new UsageException(
                $"--out {target}: must be a folder, since IMAGE means {files.Count} images. Name a folder.");
        }

        if (isImage)
        {
            return [target];
        }

        Directory.CreateDirectory(target);
        return [.. files.Select(file => Path.Combine(target, Path.GetFileName(file)))];
    }

    private static string Parent(string pattern) =>
        Path.GetDirectoryName(pattern) is { Length: > 0 } folder ? folder : ".";

    private static List<string> InFolder(string folder, string pattern)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var expression = "^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$";
        return [.. Directory.EnumerateFiles(folder)
            .Where(file => Regex.IsMatch(Path.GetFileName(file), expression))
            .Where(file => s_extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal)];
    }
}
