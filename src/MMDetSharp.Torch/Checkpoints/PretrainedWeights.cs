namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// Finds the local file that <c>pretrained='torchvision://resnet50'</c> and its like mean. Nothing is downloaded.
/// </summary>
public static class PretrainedWeights
{
    private static readonly string[] WebSchemes = ["http://", "https://"];
    private static readonly string[] TorchvisionSchemes = ["torchvision://", "modelzoo://"];

    /// <summary>Finds the file that a reference such as <c>torchvision://resnet50</c> means.</summary>
    /// <param name="reference">
    /// <c>torchvision://NAME</c>, <c>open-mmlab://NAME</c>, a web address, <c>file://PATH</c> or a path.
    /// </param>
    /// <param name="folders">
    /// Where to look first; then MMDET_CACHE, TORCH_HOME and ~/.cache/torch/hub/checkpoints.
    /// </param>
    /// <returns>The path of a file that exists.</returns>
    /// <exception cref="CheckpointException">There is no such file; the message says where to put it.</exception>
    public static string Resolve(string reference, params IEnumerable<string> folders)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return NamesOf(reference) is { } names ? Find(reference, names, folders) : RequireFile(reference);
    }

    /// <summary>The folders that are searched, the given ones first.</summary>
    public static IReadOnlyList<string> Folders(params IEnumerable<string> folders)
    {
        var home = Environment.GetEnvironmentVariable("TORCH_HOME") is { Length: > 0 } torchHome
            ? torchHome
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                    ? cache
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "torch");
        var own = Environment.GetEnvironmentVariable("MMDET_CACHE");
        string[] cached = own is { Length: > 0 } ? [own] : [];
        return [.. folders, .. cached, Path.Combine(home, "hub", "checkpoints")];
    }

    // The file names that would do, the best first: exact names, or patterns with the hash left open. Null for a path.
    private static string[]? NamesOf(string reference)
    {
        if (After(reference, TorchvisionSchemes) is { } model)
        {
            return [$"{model}-*.pth", $"{model}.pth"];
        }

        if (After(reference, ["open-mmlab://", "mmcls://"]) is { } name)
        {
            return [OpenMmlabFiles.Find(name) ?? Path.GetFileName(name) + "-*.pth", Path.GetFileName(name) + ".pth"];
        }

        return After(reference, WebSchemes) is { } address ? [Path.GetFileName(address.Split('?', '#')[0])] : null;
    }

    private static string? After(string reference, string[] schemes) => schemes
        .Where(scheme => reference.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        .Select(scheme => reference[scheme.Length..])
        .FirstOrDefault();

    private static string Find(string reference, string[] names, IEnumerable<string> given)
    {
        var folders = Folders(given);
        foreach (var folder in folders.Where(Directory.Exists))
        {
            var found = names
                .SelectMany(name => Directory.EnumerateFiles(folder, name).OrderDescending(StringComparer.Ordinal))
                .FirstOrDefault();
            if (found != null)
            {
                return found;
            }
        }

        throw new CheckpointException(Missing(reference, names[0], folders));
    }

    private static string Missing(string reference, string name, IReadOnlyList<string> folders)
    {
        var example = TorchvisionFiles.Complete(name);
        return $"pretrained='{reference}': a local file {name} is needed, found none in {string.Join(", ", folders)}. "
            + $"Nothing is downloaded: put {example} into {folders[^1]} (or into a folder that MMDET_CACHE names), "
            + "or pass --cfg-options model.pretrained=PATH, "
            + "or --cfg-options model.pretrained=None to start from random weights.";
    }

    private static string RequireFile(string reference)
    {
        var scheme = reference.IndexOf("://", StringComparison.Ordinal);
        var path = reference.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
            ? new Uri(reference).LocalPath
            : reference;
        if (scheme >= 0 && path == reference)
        {
            throw new CheckpointException(
                $"pretrained='{reference}': the scheme must be torchvision://, open-mmlab://, http(s):// or file://, "
                + $"found {reference[..scheme]}://. Pass a local file: --cfg-options model.pretrained=PATH");
        }

        return File.Exists(path) ? path : throw new CheckpointException(
            $"pretrained='{reference}': a file is needed, found none in {Path.GetFullPath(path)}. Put it there, "
            + "or pass --cfg-options model.pretrained=PATH, "
            + "or --cfg-options model.pretrained=None to start from random weights.");
    }
}
