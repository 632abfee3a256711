using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Tests.Data.Imaging;

/// <summary>Small images for tests.</summary>
internal static class TestImages
{
    /// <summary>Smooth colours, so that JPEG keeps them nearly, with every pixel different from its mirror image.</summary>
    internal static Image Gradient(int width, int height, int channels = 3)
    {
        var pixels = new byte[width * height * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, c) = (i / channels % width, i / channels / width, i % channels);
            pixels[i] = (byte)(((x * 3) + (y * 2) + (c * 40)) % 200);
        }

        return Image.FromPixels(pixels, new ImageShape(height, width, channels));
    }

    /// <summary>Random pixels of three channels, the same for the same seed.</summary>
    internal static Image Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return Image.FromPixels(pixels, new ImageShape(height, width));
    }
}
