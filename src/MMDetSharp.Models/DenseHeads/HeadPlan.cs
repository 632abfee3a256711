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
    /// <param name="reader">The head's node; its anchors have the strides.</param>
    /// <param name="tower">The head's layers.</param>
    /// <param name="anchors">The head's anchors.</param>
    /// <param name="create">Makes the head.</param>
    /// <param name="key">Where the anchors are configured.</param>
    internal static HeadPlan OfAnchors(
        ConfigReader reader, TowerOptions tower, IAnchorGenerator anchors, Func<DenseHead> create,
        string key = "anchor_generator") =>
        OfAnchors(reader, [tower.InChannels], anchors, create, key);

    /// <summary>The plan of a head over anchors.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="channels"><c>in_channels</c>: one number for all maps, or one for each.</param>
    /// <param name="anchors">The head's anchors.</param>
    /// <param name="create">Makes the head.</param>
    /// <param name="key">Where the anchors are configured.</param>
    internal static HeadPlan OfAnchors(
        ConfigReader reader, IReadOnlyList<int> channels, IAnchorGenerator anchors, Func<DenseHead> create,
        string key = "anchor_generator") => new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", channels, inputs);
                RequireStrides(reader, anchors, inputs, key);
            },
            create);

    /// <summary>Fails unless the maps that come in have the strides of the anchors.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="anchors">The head's anchors.</param>
    /// <param name="inputs">The maps that come in.</param>
    /// <param name="key">Where the anchors are configured.</param>
    internal static void RequireStrides(
        ConfigReader reader, IAnchorGenerator anchors, IReadOnlyList<MapLevel> inputs, string key = "anchor_generator")
    {
        var node = reader.NodeOrNull(key);
        MapLevel.RequireStrides(
            node ?? reader, node is null ? key : "strides",
            [.. anchors.Strides.Select(stride => stride.X)], inputs);
    }
}
