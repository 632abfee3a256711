using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Assigners;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The assigners by their names in configs.</summary>
internal static class AssignerTable
{
    /// <summary>The assigners of boxes and points.</summary>
    internal static Registry<IAssigner> Assigners { get; } = new("assigner", new()
    {
        ["ApproxMaxIoUAssigner"] = ApproxMaxIoUAssigner.FromConfig,
        ["ATSSAssigner"] = AtssAssigner.FromConfig,
        ["MaxIoUAssigner"] = MaxIoUAssigner.FromConfig,
    });

    /// <summary>The assigners that know cells.</summary>
    internal static Registry<GridAssigner> Cells { get; } = new("assigner of a YOLO head", new()
    {
        ["GridAssigner"] = GridAssigner.FromConfig,
    });
}
