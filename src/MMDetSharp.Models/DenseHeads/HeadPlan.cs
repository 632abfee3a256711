using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A head as its config describes it, before its weights take memory.</summary>
/// <param name="Connect">Fails, at the config's file and line, unless the head takes the maps that come in.</param>
/// <param name="Create">Makes the head; it belongs to the caller.</param>
internal sealed record HeadPlan(Action<IReadOnlyList<MapLevel>> Connect, Func<DenseHead> Create)
{
    /// <summary>The plan of a head of two towers over anchors.</summary>
    /// <param name="reader">The head's node; its <c>anchor_generator</c> has the strides.</param>
    /// <param name="tower">The head's layers.</param>
    /// <param name="anchors">The head's anchors.</param>
    /// <param name="create">Makes the head.</param>
    internal static HeadPlan OfAnchors(
        ConfigReader reader, TowerOptions tower, IAnchorGenerator anchors, Func<DenseHead> create) =>
        OfAnchors(reader, [tower.InChannels], anchors, create);

    /// <summary>The plan of a head over anchors.</summary>
    /// <param name="reader">The head's node; its <c>anchor_generator</c> has the strides.</param>
    /// <param name="channels"><c>in_channels</c>: one number for all maps, or one for each.</param>
    /// <param name="anchors">The head's anchors.</param>
    /// <param name="create">Makes the head.</param>
    internal static HeadPlan OfAnchors(
        ConfigReader reader, IReadOnlyList<int> channels, IAnchorGenerator anchors, Func<DenseHead> create)
    {
        var node = reader.NodeOrNull("anchor_generator");
        return new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", channels, inputs);
                MapLevel.RequireStrides(
                    node ?? reader, node is null ? "anchor_generator" : "strides",
                    [.. anchors.Strides.Select(stride => stride.X)], inputs);
            },
            create);
    }
}
