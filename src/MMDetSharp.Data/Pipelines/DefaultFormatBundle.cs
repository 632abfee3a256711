using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Fills in what no earlier step decided: pad shape, scale factor and normalisation. The tensors themselves are made
/// once, where a batch is collated.
/// </summary>
public sealed class DefaultFormatBundle : ITransform
{
    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var channels = sample.Image.Channels;
        sample.PadShape ??= sample.Image.Shape;
        sample.ScaleFactor ??= [1, 1, 1, 1];
        sample.NormConfig ??= new NormConfig
        {
            Mean = new float[channels],
            Std = [.. Enumerable.Repeat(1f, channels)],
            ToRgb = false,
        };
        return true;
    }
}
