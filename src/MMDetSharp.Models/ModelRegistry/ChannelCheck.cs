using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Checks that the parts of a detector fit, where they tell their channels.</summary>
internal static class ChannelCheck
{
    /// <summary>Fails unless a part takes the maps that the one before it gives.</summary>
    /// <param name="reader">The detector's node.</param>
    /// <param name="key">Where the part stands: <c>neck</c>.</param>
    /// <param name="part">The part.</param>
    /// <param name="given">The channels of each map that comes in; null where they are not known.</param>
    internal static void Require(ConfigReader reader, string key, object part, IReadOnlyList<int>? given)
    {
        if (part is IChannelBound { InputChannels: var taken } && given is not null && !taken.SequenceEqual(given))
        {
            throw reader.Error(
                key,
                $"takes maps of {Text(taken)} channels, but {(key == "neck" ? "the backbone" : "what stands before it")} " +
                $"gives {Text(given)}. Choose the parts that belong together, and make in_channels fit.");
        }
    }

    private static string Text(IReadOnlyList<int> channels) => $"[{string.Join(", ", channels)}]";
}
