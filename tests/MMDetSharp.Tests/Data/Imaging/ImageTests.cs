using FsCheck.Xunit;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Imaging;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ImageTests
{
    [Fact]
    public void Bytes_Float32Image_SaysWhatToDo()
    {
        using var image = Image.Create(new(2, 2), PixelType.Float32, 0);

        var error = Assert.Throws<ImageException>(() => image.Bytes.Length);

        Assert.Contains("ToPixelType", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPixels_WrongCount_NamesTheShape()
    {
        var error = Assert.Throws<ArgumentException>(() => Image.FromPixels(new byte[5], new ImageShape(1, 2)));

        Assert.Contains("(1, 2, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Handle_Disposed_Throws()
    {
        var image = TestImages.Gradient(4, 4);
        image.Dispose();

        Assert.Throws<ObjectDisposedException>(() => image.Resize(2, 2));
        Assert.Throws<ObjectDisposedException>(() => image.Bytes.Length);
    }

    [Property]
    public bool Flip_Twice_IsIdentity(byte width, byte height, bool vertical)
    {
        using var image = TestImages.Noise(1 + (width % 40), 1 + (height % 40), seed: width);
        var direction = vertical ? FlipDirection.Vertical : FlipDirection.Horizontal;

        using var once = image.Flip(direction);
        using var twice = once.Flip(direction);

        return image.Bytes.SequenceEqual(twice.Bytes);
    }

    [Fact]
    public void Flip_Diagonal_IsBothOthers()
    {
        using var image = TestImages.Noise(5, 4, seed: 3);

        using var diagonal = image.Flip(FlipDirection.Diagonal);
        using var horizontal = image.Flip(FlipDirection.Horizontal);
        using var both = horizontal.Flip(FlipDirection.Vertical);

        Assert.Equal(both.Bytes.ToArray(), diagonal.Bytes.ToArray());
    }

    // Two pixels 0 and 100 to four: centres at -0.25, 0.25, 0.75, 1.25 of the source give 0, 25, 75, 100.
    [Fact]
    public void Resize_TwoPixelsToFour_IsComputedByHand()
    {
        using var image = Image.FromPixels(new float[] { 0, 100 }, new ImageShape(1, 2, 1));

        using var resized = image.Resize(4, 1);

        Assert.Equal([0, 25, 75, 100], resized.Floats.ToArray());
    }

    [Fact]
    public void Resize_ToNothing_SaysWhatToDo()
    {
        using var image = TestImages.Gradient(4, 4);

        var error = Assert.Throws<ImageException>(() => image.Resize(0, 3));

        Assert.Contains("Choose a larger scale", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Crop_Outside_IsAnError()
    {
        using var image = TestImages.Gradient(4, 4);

        Assert.Throws<ImageException>(() => image.Crop(2, 2, 3, 1));
    }

    // BGR (10, 20, 30) to RGB (30, 20, 10), minus (1, 2, 3), over (2, 3, 7): 14.5, 6, 1.
    [Fact]
    public void Normalize_OnePixel_IsComputedByHand()
    {
        using var image = Image.Create(new(1, 1), PixelType.UInt8, 10, 20, 30);

        using var input = image.Normalize(new() { Mean = [1, 2, 3], Std = [2, 3, 7] });

        Assert.Equal([14.5f, 6f, 1f], input.Floats.ToArray().Select(value => MathF.Round(value, 5)));
    }

    [Fact]
    public void Normalize_WrongChannels_SaysHowMany()
    {
        using var image = TestImages.Gradient(4, 4, channels: 1);

        var error = Assert.Throws<ImageException>(() => image.Normalize(NormConfig.Identity));

        Assert.Contains("(1), got 3 and 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PermuteChannels_Swap_IsRgb()
    {
        using var image = TestImages.Noise(3, 2, seed: 5);

        using var permuted = image.PermuteChannels([2, 1, 0]);
        using var rgb = image.ToColor(ColorConversion.BgrToRgb);

        Assert.Equal(rgb.Bytes.ToArray(), permuted.Bytes.ToArray());
    }

    [Fact]
    public void MultiplyAndAdd_OneChannel_LeaveTheOthers()
    {
        using var image = Image.Create(new(1, 1), PixelType.Float32, 1, 2, 3);

        image.MultiplyInPlace(10, channel: 1);
        image.AddInPlace(0.5f);

        Assert.Equal([1.5f, 20.5f, 3.5f], image.Floats.ToArray());
    }

    [Fact]
    public void LookUp_Table_ReplacesPerChannel()
    {
        using var image = Image.Create(new(1, 1), PixelType.UInt8, 1, 2, 3);
        var table = new byte[256 * 3];
        (table[(1 * 3) + 0], table[(2 * 3) + 1], table[(3 * 3) + 2]) = (11, 22, 33);

        image.LookUpInPlace(table);

        Assert.Equal([11, 22, 33], image.Bytes.ToArray());
    }

    [Fact]
    public void Paste_Part_ChangesOnlyThere()
    {
        using var image = Image.Create(new(2, 2, 1), PixelType.UInt8, 0);
        using var part = Image.Create(new(1, 1, 1), PixelType.UInt8, 9);

        image.PasteInPlace(part, 1, 0);

        Assert.Equal([0, 9, 0, 0], image.Bytes.ToArray());
        Assert.Throws<ImageException>(() => image.PasteInPlace(part, 2, 0));
    }

    [Fact]
    public void WarpAffine_Shift_MovesPixels()
    {
        using var image = Image.FromPixels(new byte[] { 1, 2, 3 }, new ImageShape(1, 3, 1));

        using var moved = image.WarpAffine([1, 0, 1, 0, 1, 0], 3, 1, Interpolation.Nearest, 7);

        Assert.Equal([7, 1, 2], moved.Bytes.ToArray());
    }

    [Fact]
    public void LiveCount_ManyImages_IsConstant()
    {
        var before = Image.LiveCount;

        for (var i = 0; i < 100; i++)
        {
            using var image = TestImages.Gradient(64, 64);
            using var resized = image.Resize(100, 100);
            using var flipped = resized.Flip(FlipDirection.Horizontal);
            Assert.Throws<ImageException>(() => flipped.Crop(0, 0, 1000, 1));
        }

        Assert.Equal(before, Image.LiveCount);
    }
}
