using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Covers random rectangles of the picture. Cutout, arXiv:1708.04552.</summary>
public sealed class CutOut : ITransform
{
    private readonly CutOutOptions _options;

    /// <param name="options">How many rectangles, of which sizes and colour.</param>
    /// <exception cref="PipelineException">Sizes are given both in pixels and as shares, or not at all.</exception>
    public CutOut(CutOutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Shapes.Count > 0 == options.Ratios.Count > 0)
        {
            throw new PipelineException("CutOut: one of cutout_shape and cutout_ratio must be set.");
        }
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var image = sample.Image;
        var holes = random.NextInt(_options.MinHoles, _options.MaxHoles + 1);
        for (var i = 0; i < holes; i++)
        {
            var (x, y) = (random.NextInt(0, image.Width), random.NextInt(0, image.Height));
            var (width, height) = Size(image, random);
            width = Math.Min(width, image.Width - x);
            height = Math.Min(height, image.Height - y);
            if (width > 0 && height > 0)
            {
                using var patch = Image.Create(
                    new ImageShape(height, width, image.Channels), image.PixelType, [.. _options.Fill]);
                image.PasteInPlace(patch, x, y);
            }
        }

        return true;
    }

    private (int Width, int Height) Size(Image image, IRandomSource random)
    {
        if (_options.Shapes.Count > 0)
        {
            return _options.Shapes[random.NextInt(0, _options.Shapes.Count)];
        }

        var (width, height) = _options.Ratios[random.NextInt(0, _options.Ratios.Count)];
        return ((int)(width * image.Width), (int)(height * image.Height));
    }
}
