using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Necks;

/// <summary>A neck as its config describes it, before its weights take memory.</summary>
/// <param name="Connect">
/// The maps that come in to those that come out; fails, at the config's file and line, unless the neck takes them.
/// </param>
/// <param name="Create">Makes the neck; it belongs to the caller.</param>
internal sealed record NeckPlan(Func<IReadOnlyList<MapLevel>, IReadOnlyList<MapLevel>> Connect, Func<Neck> Create)
{
    /// <summary>A neck whose channels are fixed, and whose maps keep their strides.</summary>
    /// <param name="reader">The neck's node.</param>
    /// <param name="key">The key that decides on the channels.</param>
    /// <param name="input">The channels of each map that comes in.</param>
    /// <param name="output">The channels of each map that comes out.</param>
    /// <param name="create">Makes the neck.</param>
    internal static NeckPlan OfSameStrides(
        ConfigReader reader, string key, IReadOnlyList<int> input, IReadOnlyList<int> output, Func<Neck> create) => new(
        inputs =>
        {
            MapLevel.RequireChannels(reader, key, input, inputs);
            return [.. inputs.Zip(output, (level, channels) => level with { Channels = channels })];
        },
        create);
}
