using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Imaging;

public sealed class CornerResizeTests
{
    [Theory]
    [InlineData(37, 23, 64, 40, 3)]
    [InlineData(200, 90, 32, 32, 3)]
    [InlineData(5, 4, 9, 7, 1)]
    [InlineData(8, 8, 8, 8, 3)]
    [InlineData(1, 1, 4, 3, 3)]
    public void Apply_AnySize_IsDarknetsLoop(int width, int height, int newWidth, int newHeight, int channels)
    {
        var random = new Random(width);
        var pixels = new byte[width * height * channels];
        random.NextBytes(pixels);
        using var image = Image.FromPixels(pixels, new ImageShape(height, width, channels));

        using var resized = CornerResize.Apply(image, newWidth, newHeight);

        var values = resized.Floats.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column, channel) = (i / (newWidth * channels), i / channels % newWidth, i % channels);
            Assert.Equal(Slow(pixels, (width, height, channels), (newWidth, newHeight), (row, column, channel)), values[i], 2e-4);
        }
    }

    [Fact]
    public void Letterbox_WideImage_LiesInTheMiddle()
    {
        using var sample = Sample.FromImage(Image.Create(new ImageShape(10, 40), PixelType.UInt8, 9, 9, 9), "a");
        sample.Boxes = [0, 0, 40, 10];

        new DarknetResize(20, 12, letterBox: true).Apply(sample, new CounterRandom(0));

        Assert.Equal(new ImageShape(12, 20), sample.Image.Shape); // 20 x 5 on 3 rows above and 4 below
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], sample.ScaleFactor!);
        Assert.Equal([3.5f, 3.5f, 0, 0], sample.PadParameters!);
        Assert.Equal([0f, 3, 20, 8], sample.Boxes!);
        Assert.Equal((127.5f, 9f, 127.5f), (
            sample.Image.Floats[2 * 60], sample.Image.Floats[3 * 60], sample.Image.Floats[8 * 60]));
    }

    // image.c, resize_image: columns first, then rows.
    private static float Slow(
        byte[] pixels, (int Width, int Height, int Channels) size, (int Width, int Height) target,
        (int Row, int Column, int Channel) at)
    {
        var scaleX = (float)(size.Width - 1) / (target.Width - 1);
        var scaleY = (float)(size.Height - 1) / (target.Height - 1);
        float Part(int row)
        {
            float Pixel(int x) => pixels[(((row * size.Width) + x) * size.Channels) + at.Channel];
            if (at.Column == target.Width - 1 || size.Width == 1)
            {
                return Pixel(size.Width - 1);
            }

            var x = (int)(at.Column * scaleX);
            var dx = (at.Column * scaleX) - x;
            return ((1 - dx) * Pixel(x)) + (dx * Pixel(x + 1));
        }

        var y = (int)(at.Row * scaleY);
        var dy = (at.Row * scaleY) - y;
        var value = (1 - dy) * Part(y);
        return at.Row == target.Height - 1 || size.Height == 1 ? value : value + (dy * Part(y + 1));
    }
}
