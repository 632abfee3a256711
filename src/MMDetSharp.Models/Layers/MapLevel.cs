namespace MMDetSharp.Models.Layers;

/// <summary>One map between two parts of a detector.</summary>
/// <param name="Channels">C.</param>
/// <param name="Stride">From one place to the next, in pixels of the network's input.</param>
public readonly record struct MapLevel(int Channels, int Stride);
