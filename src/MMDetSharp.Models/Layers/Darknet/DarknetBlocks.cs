using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// The runs of convolutions that the reference's Darknet models share: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767,
/// table 1 and section 2.3.
/// </summary>
internal static class DarknetBlocks
{
    /// <summary>Halves the map, doubles the channels, then adds residuals. Keys: features.N.</summary>
    internal static NamedSequential Stage(int channels, int residuals) => new(("features", new Sequential(
    [
        DarknetConv.Leaky(channels, 2 * channels, kernel: 3, stride: 2),
        .. Enumerable.Range(0, residuals).Select(_ => Residual(2 * channels)),
    ])));

    /// <summary>Squeezes to the first of two numbers of channels and widens to the second, by turns. Keys: KEY.N.
    /// </summary>
    internal static NamedSequential Squeezes(string key, int inChannels, (int Narrow, int Wide) channels, int count)
    {
        var layers = Enumerable.Range(0, count).Select(i => i % 2 == 0
            ? DarknetConv.Leaky(i == 0 ? inChannels : channels.Wide, channels.Narrow, kernel: 1)
            : DarknetConv.Leaky(channels.Narrow, channels.Wide, kernel: 3));
        return new((key, new Sequential(layers)));
    }

    /// <summary>Halves the channels and doubles the map. Keys: features.0.</summary>
    internal static NamedSequential Transition(int channels) => new(("features", new Sequential(
        DarknetConv.Leaky(channels, channels / 2, kernel: 1), new NearestUpsample(2))));

    /// <summary>The last two convolutions of a level. Keys: feature.0, feature.1.</summary>
    internal static NamedSequential Head(int channels, int predictions) => new(("feature", new Sequential(
        DarknetConv.Leaky(channels, 2 * channels, kernel: 3), Prediction(2 * channels, predictions))));

    /// <summary>The last convolution of a level: 1x1 with a bias.</summary>
    internal static Conv2d Prediction(int channels, int predictions) => new(channels, predictions, new() { Kernel = 1 });

    private static NamedSequential Residual(int channels) => new(("features", new Sequential(
        DarknetConv.Leaky(channels, channels / 2, kernel: 1), DarknetConv.Leaky(channels / 2, channels, kernel: 3))))
    {
        HasShortcut = true,
    };
}
