namespace MMDetSharp.Tests.Support;

/// <summary>A theory over recorded cases: skipped, with the reason, where the folder or file is missing.</summary>
/// <remarks>Give the class or method <c>[Trait("Category", "Golden")]</c> as well.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    /// <param name="file">The file or folder below <see cref="RepositoryFolder.Goldens"/> that the test reads.</param>
    public GoldenTheoryAttribute(string file = "")
    {
        var path = Path.Combine(RepositoryFolder.Goldens, file);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Skip = $"{path} is missing. Set MMDET_GOLDENS to the folder of recorded values.";
        }
    }
}
