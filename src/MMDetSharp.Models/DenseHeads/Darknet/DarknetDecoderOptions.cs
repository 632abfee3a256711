using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>How a Darknet network detects; the defaults are those of its <c>detector test</c>.</summary>
public sealed record DarknetDecoderOptions
{
    /// <summary>Objectness, and objectness times a class's probability, must exceed this.</summary>
    public double ScoreThreshold { get; init; } = 0.25;

    /// <summary>Of two boxes of a class that overlap by more than this, the better one is kept.</summary>
    public double NmsThreshold { get; init; } = 0.45;

    /// <summary>Whether boxes end at the image's edges.</summary>
    public bool ClipBorder { get; init; }

    /// <summary>Reads <c>score_thr</c>, <c>nms_thr</c> and <c>clip_border</c> of a <c>test_cfg</c>.</summary>
    internal static DarknetDecoderOptions FromConfig(ConfigReader? test)
    {
        var defaults = new DarknetDecoderOptions();
        return test is null ? defaults : defaults with
        {
            ScoreThreshold = test.Fraction("score_thr", defaults.ScoreThreshold),
            NmsThreshold = test.Fraction("nms_thr", defaults.NmsThreshold),
            ClipBorder = test.Bool("clip_border", defaults.ClipBorder),
        };
    }
}
