namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>What the blocks with bottlenecks inside are made of, with YOLOv5's defaults.</summary>
internal sealed record YoloV5CspOptions
{
    /// <summary>Bottlenecks in a row.</summary>
    internal int Count { get; init; } = 1;

    /// <summary>Whether bottlenecks add their input.</summary>
    internal bool Shortcut { get; init; } = true;

    /// <summary>Groups of the 3x3 convolutions.</summary>
    internal int Groups { get; init; } = 1;

    /// <summary>Hidden channels as a part of the output's.</summary>
    internal double Expansion { get; init; } = 0.5;

    /// <summary>The bottlenecks inside: as many hidden channels as outer ones.</summary>
    internal YoloV5CspOptions Inner => this with { Expansion = 1 };

    /// <summary>Channels between the first and the last convolution.</summary>
    internal int Hidden(int outChannels) => (int)(outChannels * Expansion);
}
