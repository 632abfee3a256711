namespace MMDetSharp.Tests.Support;

/// <summary>A test against Python's PyTorch: skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTorchFactAttribute : FactAttribute
{
    /// <summary>Looks for Python's torch.</summary>
    public PythonTorchFactAttribute()
    {
        if (!PythonTorch.IsInstalled)
        {
            Skip = "Python's torch is not installed: apt-get install python3-torch.";
        }
    }
}
