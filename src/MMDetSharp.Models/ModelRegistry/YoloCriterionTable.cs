using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads.Yolo;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>What YOLO networks are trained by, by its names in configs; each is made for the network's levels.</summary>
internal static class YoloCriterionTable
{
    /// <summary>The table.</summary>
    internal static ContextRegistry<IYoloCriterion, IReadOnlyList<YoloLevel>> Criteria { get; } = new("YOLO loss", new());
}
