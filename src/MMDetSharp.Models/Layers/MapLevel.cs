using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.Layers;

/// <summary>One map between two parts of a detector.</summary>
/// <param name="Channels">C.</param>
/// <param name="Stride">From one place to the next, in pixels of the network's input.</param>
public readonly record struct MapLevel(int Channels, int Stride)
{
    /// <summary>Fails unless the maps that come in have the channels that a key names.</summary>
    /// <param name="reader">The part's node.</param>
    /// <param name="key"><c>in_channels</c>.</param>
    /// <param name="channels">One for each map; or one for all, where no count is given.</param>
    /// <param name="inputs">The maps that come in.</param>
    /// <param name="count">How many there must be; null: any number.</param>
    /// <exception cref="ConfigException">They have not; the message names file and line.</exception>
    internal static void RequireChannels(
        ConfigReader reader, string key, IReadOnlyList<int> channels, IReadOnlyList<MapLevel> inputs, int? count = null)
    {
        var given = inputs.Select(level => level.Channels);
        if (count is null && channels.Count == 1 ? given.Any(one => one != channels[0]) : !given.SequenceEqual(channels))
        {
            throw reader.Error(
                key, $"must be the channels of the maps that come in, {Text(given)}, got {Text(channels)}. " +
                "Make it fit, or choose parts that belong together.");
        }
    }

    /// <summary>Fails unless the maps that come in have the strides that a key names.</summary>
    /// <param name="reader">The node that has the key.</param>
    /// <param name="key"><c>strides</c>.</param>
    /// <param name="strides">One for each map.</param>
    /// <param name="inputs">The maps that come in.</param>
    /// <exception cref="ConfigException">They have not; the message names file and line.</exception>
    internal static void RequireStrides(
        ConfigReader reader, string key, IReadOnlyList<int> strides, IReadOnlyList<MapLevel> inputs)
    {
        var given = inputs.Select(level => level.Stride);
        if (!given.SequenceEqual(strides))
        {
            throw reader.Error(
                key, $"must be the strides of the maps that come in, {Text(given)}, got {Text(strides)}. " +
                "Give each map its stride, and the part before it as many outputs.");
        }
    }

    /// <summary>Fails unless strides grow by a factor from each map that comes in to the next.</summary>
    /// <param name="reader">The part's node.</param>
    /// <param name="key">The key that decides on the factor or the maps.</param>
    /// <param name="factor">By how much the part resizes a map.</param>
    /// <param name="inputs">The maps that it joins, finest first.</param>
    /// <exception cref="ConfigException">They do not; the message names file and line.</exception>
    internal static void RequireFactor(
        ConfigReader reader, string key, double factor, IReadOnlyList<MapLevel> inputs)
    {
        if (inputs.Zip(inputs.Skip(1)).Any(pair => pair.Second.Stride != factor * pair.First.Stride))
        {
            throw reader.Error(
                key, $"must fit the maps that come in, of strides {Text(inputs.Select(level => level.Stride))}: each is " +
                FormattableString.Invariant($"resized by {factor} and joined with the next finer one. ") +
                "Change it, or choose other maps (out_indices of the backbone).");
        }
    }

    private static string Text(IEnumerable<int> numbers) => $"[{string.Join(", ", numbers)}]";
}
