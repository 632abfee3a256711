using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Darknet;

/// <summary>A line <c>key=value</c> of a Darknet <c>.cfg</c>.</summary>
/// <param name="Key">The word before the mark.</param>
/// <param name="Value">What follows it, without blanks and comment.</param>
/// <param name="Origin">File and line.</param>
public sealed record DarknetOption(string Key, string Value, ConfigOrigin Origin);
