namespace MMDetSharp.Core.Configs;

/// <summary>A value of a config that has no keys of its own, with its full key and its origin.</summary>
/// <param name="Key">The full key, such as <c>data.train.pipeline.0.type</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="Origin">Where the key was set.</param>
public sealed record ConfigLeaf(string Key, ConfigValue Value, ConfigOrigin Origin);
