namespace MMDetSharp.Data.Pipelines;

/// <summary>Asks for the picture as a tensor. All pictures become tensors where a batch is collated; this checks only.</summary>
public sealed class ImageToTensor : ITransform
{
    /// <param name="keys">Only <c>img</c> is known.</param>
    /// <exception cref="PipelineException">Another key is named.</exception>
    public ImageToTensor(params IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.FirstOrDefault(key => key != "img") is { } unknown)
        {
            throw new PipelineException($"ImageToTensor: keys must be ['img'], got '{unknown}'.");
        }
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.Image is not null;
    }
}
