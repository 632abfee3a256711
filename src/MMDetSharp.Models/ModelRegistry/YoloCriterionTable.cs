using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.YoloV5;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>What YOLO networks are trained by, by its names in configs; each is made for the network's levels.</summary>
internal static class YoloCriterionTable
{
    /// <summary>Config name to the function that reads its node, given the levels' anchors and strides.</summary>
    internal static ContextRegistry<ICriterion, IReadOnlyList<YoloLevel>> Criteria { get; } = new("YOLO loss", new()
    {
        ["YOLOv5Loss"] = (reader, levels) => new YoloV5Criterion(levels, YoloV5LossOptions.FromConfig(reader)),
    });
}
