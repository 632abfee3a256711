using MMDetSharp.Core.Darknet;
using MMDetSharp.Models.Detectors.Darknet;

namespace MMDetSharp.Tests.Models.Detectors.Darknet;

/// <summary>Networks of a few lines.</summary>
internal static class TinyDarknet
{
    /// <summary>A section that finds 1 class with 1 anchor behind 6 channels.</summary>
    internal const string Head =
        "[convolutional]\nfilters=6\nactivation=linear\n[yolo]\nnum=1\nanchors=4,4\nclasses=1\n";

    /// <summary>A network of layers on images of 8 x 8 with 2 channels.</summary>
    internal static DarknetNetwork Build(string layers, int size = 8) =>
        DarknetBuilder.Build(DarknetConfig.Parse(Text(layers, size), "a.cfg"));

    /// <summary>The same as text; the first layer stands in line 5.</summary>
    internal static string Text(string layers, int size = 8) =>
        $"[net]\nwidth={size}\nheight={size}\nchannels=2\n{layers}";
}
