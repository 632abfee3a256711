namespace MMDetSharp.Models.Layers;

/// <summary>A part that only fits behind maps of certain channels, so that a config can be checked before it runs.</summary>
internal interface IChannelBound
{
    /// <summary>The channels of each map that it takes, in their order.</summary>
    IReadOnlyList<int> InputChannels { get; }
}
