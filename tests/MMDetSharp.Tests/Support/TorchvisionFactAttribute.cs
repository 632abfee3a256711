using MMDetSharp.Torch.Ops;

namespace MMDetSharp.Tests.Support;

/// <summary>A test of or against torchvision's operators: skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchvisionFactAttribute : FactAttribute
{
    /// <summary>Looks for the library.</summary>
    public TorchvisionFactAttribute()
    {
        if (!VisionOperators.IsInstalled)
        {
            Skip = "torchvision's operators are not installed: apt-get install python3-torchvision.";
        }
    }
}
