namespace MMDetSharp.Data.Datasets;

/// <summary>How the paths of a data set's config are joined.</summary>
internal static class DatasetPath
{
    /// <summary>Below the root, if there is one and the path is relative.</summary>
    internal static string Under(string? root, string path) =>
        string.IsNullOrEmpty(root) || Path.IsPathRooted(path) ? path : Path.Combine(root, path);
}
