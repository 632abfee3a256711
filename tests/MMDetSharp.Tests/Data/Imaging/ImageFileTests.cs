using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Imaging;

public sealed class ImageFileTests
{
    [Fact]
    public void Read_MissingFile_SaysWhereToLook()
    {
        var error = Assert.Throws<ImageException>(() => ImageFile.Read("/nowhere/a.jpg"));

        Assert.StartsWith("/nowhere/a.jpg: there is no such file.", error.Message, StringComparison.Ordinal);
        Assert.Contains("img_prefix", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("this is text, not an image", "not an image that can be decoded")]
    public void Read_NoImage_SaysSo(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.jpg"), content);

        var error = Assert.Throws<ImageException>(() => ImageFile.Read(folder.File("a.jpg")));

        Assert.Contains($"a.jpg: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("Copy it again or remove it from the list.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".jpg", "the JPEG ends early")]
    [InlineData(".png", "the PNG ends early")]
    [InlineData(".bmp", "the BMP ends early")]
    [InlineData(".tiff", "not an image that can be decoded")]
    [InlineData(".webp", "not an image that can be decoded")]
    public void Decode_EveryPrefix_IsAnError(string extension, string expected)
    {
        using var image = TestImages.Gradient(64, 48);
        var file = ImageFile.Encode(image, extension);

        for (var length = 1; length < file.Length; length++)
        {
            var prefix = file[..length];
            var error = Assert.Throws<ImageException>(() => ImageFile.Decode(prefix, "a"));

            if (length > file.Length / 2)
            {
                Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Decode_DamagedPng_IsAnError()
    {
        using var image = TestImages.Gradient(64, 48);
        var file = ImageFile.Encode(image, ".png");
        file[file.Length / 2] ^= 0x40;

        var error = Assert.Throws<ImageException>(() => ImageFile.Decode(file, "a.png"));

        Assert.StartsWith("a.png: the PNG is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_BytesBehindTheEnd_AreLetPass()
    {
        using var image = TestImages.Gradient(64, 48);
        var file = ImageFile.Encode(image, ".jpg");

        using var plain = ImageFile.Decode(file);
        using var longer = ImageFile.Decode([.. file, 1, 2, 3]);

        Assert.Equal(plain.Bytes.ToArray(), longer.Bytes.ToArray());
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".bmp")]
    public void Write_Lossless_ComesBackEqual(string extension)
    {
        using var folder = new TemporaryFolder();
        using var image = TestImages.Noise(37, 23, seed: 1);
        var path = folder.File($"new/folder/a{extension}");

        ImageFile.Write(image, path);
        using var back = ImageFile.Read(path);

        Assert.Equal(image.Bytes.ToArray(), back.Bytes.ToArray());
    }

    [Fact]
    public void Write_OnePixel_ComesBack()
    {
        using var folder = new TemporaryFolder();
        using var image = Image.Create(new(1, 1), PixelType.UInt8, 10, 20, 30);

        ImageFile.Write(image, folder.File("a.png"));
        using var back = ImageFile.Read(folder.File("a.png"));

        Assert.Equal([10, 20, 30], back.Bytes.ToArray());
    }

    [Fact]
    public void Encode_UnknownExtension_NamesTheKnown()
    {
        using var image = TestImages.Gradient(4, 4);

        var error = Assert.Throws<ImageException>(() => ImageFile.Encode(image, ".xyz"));

        Assert.Contains(".jpg, .png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Modes_GiveTheirChannels()
    {
        using var gray = TestImages.Gradient(8, 6, channels: 1);
        var file = ImageFile.Encode(gray, ".png");

        using var color = ImageFile.Decode(file);
        using var asGray = ImageFile.Decode(file, mode: ColorMode.Grayscale);
        using var unchanged = ImageFile.Decode(file, mode: ColorMode.Unchanged);

        Assert.Equal((3, 1, 1), (color.Channels, asGray.Channels, unchanged.Channels));
        Assert.Equal(gray.Bytes.ToArray(), asGray.Bytes.ToArray());
    }

    // EXIF orientation 6: the camera was turned right; the image is shown turned by 90 degrees clockwise.
    [Theory]
    [InlineData(1, 48, 32)]
    [InlineData(3, 48, 32)]
    [InlineData(6, 32, 48)]
    [InlineData(8, 32, 48)]
    public void Decode_ExifOrientation_TurnsUpright(byte orientation, int width, int height)
    {
        using var image = TestImages.Gradient(48, 32);
        var file = WithOrientation(ImageFile.Encode(image, ".jpg"), orientation);

        using var upright = ImageFile.Decode(file);
        using var unchanged = ImageFile.Decode(file, mode: ColorMode.Unchanged);

        Assert.Equal((width, height), (upright.Width, upright.Height));
        Assert.Equal((48, 32), (unchanged.Width, unchanged.Height));
        var corner = orientation switch { 3 => (47, 31), 6 => (0, 31), 8 => (47, 0), _ => (0, 0) };
        Assert.Equal(Pixel(unchanged, corner), Pixel(upright, (0, 0)));
    }

    [PythonFact("cv2", "data/photos")]
    public void Read_PhotosResizedAndNormalized_EqualsPythonsOpenCv()
    {
        const string Script = """
            import sys, glob, cv2, numpy as np
            out = open(sys.argv[2], 'wb')
            for name in sorted(glob.glob(sys.argv[1] + '/*.jpg')):
                image = cv2.resize(cv2.imread(name), (333, 200), interpolation=cv2.INTER_LINEAR)
                out.write(image.tobytes())
                image = cv2.cvtColor(image.astype(np.float32), cv2.COLOR_BGR2RGB)
                cv2.subtract(image, np.float64(np.float32([[123.675, 116.28, 103.53]])), image)
                cv2.multiply(image, 1 / np.float64(np.float32([[58.395, 57.12, 57.375]])), image)
                out.write(image.tobytes())
            """;
        using var folder = new TemporaryFolder();
        var photos = Path.Combine(RepositoryFolder.Shared, "data/photos");
        PeerPython.Run(Script, photos, folder.File("pixels"));
        using var ours = new MemoryStream();
        foreach (var path in Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal))
        {
            using var image = ImageFile.Read(path);
            using var resized = image.Resize(333, 200);
            using var input = resized.Normalize(new()
            {
                Mean = [123.675f, 116.28f, 103.53f],
                Std = [58.395f, 57.12f, 57.375f],
            });
            ours.Write(resized.Bytes);
            ours.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.Floats));
        }

        var theirs = File.ReadAllBytes(folder.File("pixels"));

        Assert.Equal(theirs.Length, ours.Length);
        Assert.True(ours.ToArray().AsSpan().SequenceEqual(theirs));
    }

    private static byte[] Pixel(Image image, (int X, int Y) place) =>
        image.Bytes.Slice(((place.Y * image.Width) + place.X) * image.Channels, image.Channels).ToArray();

    // An APP1 segment behind SOI: "Exif", a little-endian TIFF header and one entry, tag 0x0112 of type SHORT.
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] tiff =
        [
            (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0,
            1, 0,
            0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0,
            0, 0, 0, 0,
        ];
        byte[] content = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(content.Length + 2), .. content, .. jpeg[2..]];
    }
}
