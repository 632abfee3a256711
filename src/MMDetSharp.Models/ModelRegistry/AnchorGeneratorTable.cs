using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The anchor generators by their names in configs.</summary>
internal static class AnchorGeneratorTable
{
    /// <summary>Anchor generators of anchor heads.</summary>
    internal static Registry<IAnchorGenerator> Generators { get; } = new("anchor generator", new()
    {
        ["AnchorGenerator"] = reader => new AnchorGenerator(AnchorGeneratorOptions.FromConfig(reader)),
        ["SSDAnchorGenerator"] = SsdAnchorGenerator.FromConfig,
    });

    /// <summary>Anchor generators of YOLO heads, which tell the cell that is responsible for an object.</summary>
    internal static Registry<YoloAnchorGenerator> Cells { get; } = new("anchor generator of a YOLO head", new()
    {
        ["YOLOAnchorGenerator"] = YoloAnchorGenerator.FromConfig,
    });
}
