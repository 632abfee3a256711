using System.Runtime.CompilerServices;

namespace MMDetSharp.Tests.Support;

/// <summary>Where the tests find the repository, and what may lie beside it.</summary>
internal static class RepositoryFolder
{
    /// <summary>The root of the checkout.</summary>
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "../../.."));

    /// <summary>The folder of test data beside the checkout; it may be missing.</summary>
    internal static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "../shared"));

    /// <summary>
    /// The recorded values: <c>MMDET_GOLDENS</c>, or the folder beside the checkout; it may be missing.
    /// </summary>
    internal static string Goldens { get; } =
        Environment.GetEnvironmentVariable("MMDET_GOLDENS") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Shared, "golden");

    /// <summary>A path below the checkout.</summary>
    internal static string Under(string relative) => Path.Combine(Root, relative);

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
