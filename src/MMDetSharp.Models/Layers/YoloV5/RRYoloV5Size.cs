namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>The size of a YOLOv5 network of v3.1, the version that the reference has: s, m, l, x.</summary>
/// <param name="Depth">The factor of the numbers of blocks in a row.</param>
/// <param name="Width">The factor of the channels.</param>
internal sealed record RRYoloV5Size(double Depth, double Width)
{
    /// <summary>Norm and activations of v3.1.</summary>
    internal static YoloV5Style Style { get; } = new(
        new() { Epsilon = 1e-3, Momentum = 0.01 },
        new() { Type = ActivationType.HardSwish },
        new() { Type = ActivationType.LeakyRelu, Slope = 0.1 });

    /// <summary>So many channels of the l model, in this size: multiples of 8.</summary>
    internal int Channels(int large) => (int)Math.Ceiling(large * Width / 8) * 8;

    /// <summary>A block of residuals between plain channels of the l model.</summary>
    /// <param name="inChannels">In this size.</param>
    /// <param name="large">Of the l model.</param>
    /// <param name="count">Of the l model.</param>
    /// <param name="shortcut">Whether its bottlenecks add their input.</param>
    internal YoloV5BottleneckCsp Csp(int inChannels, int large, int count, bool shortcut) => new(
        Style, inChannels, Channels(large),
        new() { Count = Math.Max((int)Math.Round(count * Depth, MidpointRounding.ToEven), 1), Shortcut = shortcut });
}
