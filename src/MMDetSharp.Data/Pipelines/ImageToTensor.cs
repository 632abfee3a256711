using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Asks for the image as a tensor. All images become tensors where a batch is collated; this checks only.</summary>
public sealed class ImageToTensor : ITransform
{
    /// <param name="keys">Only <c>img</c> is known.</param>
    /// <exception cref="ArgumentException">Another key is named.</exception>
    public ImageToTensor(params IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.FirstOrDefault(key => key != "img") is { } unknown)
        {
            throw new ArgumentException($"ImageToTensor: keys must be ['img'], got '{unknown}'.");
        }
    }

    /// <summary>From a step of a config.</summary>
    internal static ImageToTensor FromConfig(ConfigReader reader) => new(reader.Strings("keys"));

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.Image is not null;
    }
}
