using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A head as its config describes it, before its weights take memory.</summary>
/// <param name="Connect">Fails, at the config's file and line, unless the head takes the maps that come in.</param>
/// <param name="Create">Makes the head; it belongs to the caller.</param>
internal sealed record HeadPlan(Action<IReadOnlyList<MapLevel>> Connect, Func<DenseHead> Create)
{
    /// <summary>Fails unless each map that comes in has the channels that a key names.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="key"><c>in_channels</c>.</param>
    /// <param name="channels">One for each map, or one for all.</param>
    /// <param name="inputs">The maps that come in.</param>
    internal static void RequireChannels(
        ConfigReader reader, string key, IReadOnlyList<int> channels, IReadOnlyList<MapLevel> inputs)
    {
        var given = inputs.Select(level => level.Channels);
        if (channels.Count == 1 ? given.Any(one => one != channels[0]) : !given.SequenceEqual(channels))
        {
            throw reader.Error(
                key, $"must be the channels of the maps that come in, {Text(given)}, got {Text(channels)}. " +
                "Make it fit, or choose the neck and the head that belong together.");
        }
    }

    /// <summary>Fails unless the maps that come in have the strides that a key names.</summary>
    /// <param name="reader">The node that has the key.</param>
    /// <param name="key"><c>strides</c>.</param>
    /// <param name="strides">One for each map.</param>
    /// <param name="inputs">The maps that come in.</param>
    internal static void RequireStrides(
        ConfigReader reader, string key, IReadOnlyList<int> strides, IReadOnlyList<MapLevel> inputs)
    {
        var given = inputs.Select(level => level.Stride);
        if (!given.SequenceEqual(strides))
        {
            throw reader.Error(
                key, $"must be the strides of the maps that come in, {Text(given)}, got {Text(strides)}. " +
                "Give each map its stride, and the neck as many outputs.");
        }
    }

    private static string Text(IEnumerable<int> numbers) => $"[{string.Join(", ", numbers)}]";
}
