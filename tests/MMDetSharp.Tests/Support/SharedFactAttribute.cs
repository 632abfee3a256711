namespace MMDetSharp.Tests.Support;

/// <summary>A test on data beside the checkout: skipped, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="path">The file or folder below <see cref="RepositoryFolder.Shared"/> that the test reads.</param>
    public SharedFactAttribute(string path)
    {
        var full = Path.Combine(RepositoryFolder.Shared, path);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            Skip = $"{full} is missing: the test data of the project is not beside this checkout.";
        }
    }
}
