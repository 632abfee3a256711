namespace MMDetSharp.Data.Pipelines;

/// <summary>How far <see cref="PhotoMetricDistortion"/> goes.</summary>
public sealed record PhotoMetricDistortionOptions
{
    /// <summary>Brightness changes by up to this much, of 255.</summary>
    public double BrightnessDelta { get; init; } = 32;

    /// <summary>Contrast is multiplied by a number of this range.</summary>
    public (double Low, double High) ContrastRange { get; init; } = (0.5, 1.5);

    /// <summary>Saturation is multiplied by a number of this range.</summary>
    public (double Low, double High) SaturationRange { get; init; } = (0.5, 1.5);

    /// <summary>Hue changes by up to this many degrees.</summary>
    public double HueDelta { get; init; } = 18;
}
