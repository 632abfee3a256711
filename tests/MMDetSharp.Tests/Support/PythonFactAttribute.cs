namespace MMDetSharp.Tests.Support;

/// <summary>A test against a Python module of Debian: skipped, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    /// <param name="module">Such as <c>cv2</c> or <c>torch</c>.</param>
    /// <param name="sharedPath">A file or folder below <see cref="RepositoryFolder.Shared"/> that the test reads too.</param>
    public PythonFactAttribute(string module, string sharedPath = "")
    {
        Skip = PeerPython.Missing(module);
        var full = Path.Combine(RepositoryFolder.Shared, sharedPath);
        if (Skip is null && !File.Exists(full) && !Directory.Exists(full))
        {
            Skip = $"{full} is missing: the test data of the project is not beside this checkout.";
        }
    }
}
