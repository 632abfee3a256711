namespace MMDetSharp.Tests.Support;

/// <summary>A test on recorded values: skipped, with the reason, where the file is missing.</summary>
/// <remarks>Give the class or method <c>[Trait("Category", "Golden")]</c> as well.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenFactAttribute : FactAttribute
{
    /// <param name="file">The file below <see cref="RepositoryFolder.Goldens"/> that the test reads.</param>
    public GoldenFactAttribute(string file)
    {
        var path = Path.Combine(RepositoryFolder.Goldens, file);
        if (!File.Exists(path))
        {
            Skip = $"{path} is missing. Set MMDET_GOLDENS to the folder of recorded values.";
        }
    }
}
