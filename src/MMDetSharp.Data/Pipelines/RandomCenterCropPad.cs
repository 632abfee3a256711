using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Size, ratios and padding of <see cref="RandomCenterCropPad"/>.</summary>
public sealed record RandomCenterCropPadOptions
{
    /// <summary>Height of the result before the drawn ratio.</summary>
    public int Height { get; init; }

    /// <summary>Width of the result before the drawn ratio.</summary>
    public int Width { get; init; }

    /// <summary>The ratios to draw from.</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [0.9, 1.0, 1.1];

    /// <summary>How far the centre stays from the image's edges, in pixels; halved for small images.</summary>
    public int Border { get; init; } = 128;

    /// <summary>(C): the colour outside of the image, in the order of its channels.</summary>
    public required IReadOnlyList<double> Fill { get; init; }

    /// <summary>For testing: nothing is cut, and the sides are padded to a network's sizes. Null for training.</summary>
    public CenterPad? TestPad { get; init; }
}

/// <summary>
/// Cuts a part around a random centre, padded where it reaches out of the image; for testing, pads the whole image
/// on all sides. CornerNet, arXiv:1808.01244, section 4.1.
/// </summary>
public sealed class RandomCenterCropPad : ITransform
{
    private const int Rounds = 100;
    private const int Tries = 50;
    private readonly RandomCenterCropPadOptions _options;

    /// <param name="options">Size, ratios and colour.</param>
    /// <exception cref="ArgumentException">There is no size for training.</exception>
    public RandomCenterCropPad(RandomCenterCropPadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.TestPad is null && (options.Height < 1 || options.Width < 1 || options.Ratios.Count == 0))
        {
            throw new ArgumentException(
                "RandomCenterCropPad: crop_size and ratios must be set for training, test_mode=True for testing.");
        }
    }

    /// <summary>From a step of a config.</summary>
    internal static RandomCenterCropPad FromConfig(ConfigReader reader)
    {
        var size = reader.IntPairOrNull("crop_size") ?? (0, 0);
        reader.Ignore("std");
        return new(new RandomCenterCropPadOptions
        {
            Height = size.First,
            Width = size.Second,
            Ratios = reader.Floats("ratios", [0.9, 1.0, 1.1]),
            Border = reader.Int("border", 128),
            Fill = StepKeys.Bgr(reader, reader.Floats("mean")),
            TestPad = CenterPad.FromConfig(reader),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (sample.Image.PixelType != PixelType.Float32)
        {
            throw new PipelineException(
                "RandomCenterCropPad: the image must be float32. Set to_float32=True in LoadImageFromFile.");
        }

        if (_options.TestPad is { } pad)
        {
            PadAll(sample, pad);
            return true;
        }

        return CutRandom(sample, random);
    }

    private void PadAll(Sample sample, CenterPad pad)
    {
        var shape = sample.Image.Shape;
        var (height, width) = (pad.Target(shape.Height), pad.Target(shape.Width));
        var window = new Window(shape.Width / 2, shape.Height / 2, width, height);
        var patch = window.PatchOf(shape);
        sample.ImageShape = shape;
        sample.Image = Paste(sample.Image, window, patch);
        sample.PadShape = sample.Image.Shape;
        var (left, top) = (patch.Left + window.ShiftX, patch.Top + window.ShiftY);
        sample.Border = [top, top + patch.Height, left, left + patch.Width];
    }

    // Differs from the reference: it draws forever where no part can hold an object's centre.
    private bool CutRandom(Sample sample, IRandomSource random)
    {
        var shape = sample.Image.Shape;
        var boxes = sample.Boxes ?? [];
        for (var round = 0; round < Rounds; round++)
        {
            var ratio = random.Choice(_options.Ratios);
            var (height, width) = ((int)(_options.Height * ratio), (int)(_options.Width * ratio));
            var (borderX, borderY) = (Border(shape.Width), Border(shape.Height));
            for (var i = 0; i < Tries; i++)
            {
                var x = random.NextInt(borderX, shape.Width - borderX);
                var y = random.NextInt(borderY, shape.Height - borderY);
                var window = new Window(x, y, width, height);
                var patch = window.PatchOf(shape);
                if (boxes.Length == 0 || BoxArrays.HaveCentreIn(boxes, patch).Contains(true))
                {
                    Cut(sample, window, patch);
                    return true;
                }
            }
        }

        return false;
    }

    private void Cut(Sample sample, Window window, PixelPatch patch)
    {
        sample.KeepBoxes(boxes => BoxArrays.HaveCentreIn(boxes, patch));
        sample.Image = Paste(sample.Image, window, patch);
        sample.ImageShape = sample.Image.Shape;
        sample.PadShape = sample.Image.Shape;
        sample.ChangeBoxes(boxes => BoxArrays.Clip(
            BoxArrays.Shift(boxes, window.ShiftX, window.ShiftY), sample.ImageShape));
        sample.KeepBoxes(BoxArrays.HaveArea);
    }

    private Image Paste(Image image, Window window, PixelPatch patch)
    {
        using var part = image.Crop(patch.Left, patch.Top, patch.Width, patch.Height);
        var shape = new ImageShape(window.Height, window.Width, image.Channels);
        var canvas = Image.Create(shape, image.PixelType, [.. _options.Fill]);
        canvas.PasteInPlace(part, patch.Left + window.ShiftX, patch.Top + window.ShiftY);
        return canvas;
    }

    // Halves the border until both of it fit into the side: border // 2^ceil(log2(ceil(2 border / side))).
    private int Border(int side)
    {
        var parts = 2.0 * _options.Border / side;
        var power = Math.Ceiling(Math.Log2(Math.Ceiling(parts))) + (parts == Math.Floor(parts) ? 1 : 0);
        return (int)Math.Floor(_options.Border / Math.Pow(2, power));
    }

    /// <summary>What the result shows: its size, and the point of the image at its centre.</summary>
    private readonly record struct Window(int CentreX, int CentreY, int Width, int Height)
    {
        /// <summary>From a column of the image to one of the result.</summary>
        internal int ShiftX => (Width / 2) - CentreX;

        /// <summary>From a row of the image to one of the result.</summary>
        internal int ShiftY => (Height / 2) - CentreY;

        /// <summary>The part of the image that the result shows.</summary>
        internal PixelPatch PatchOf(ImageShape shape) => new(
            Math.Max(0, CentreX - (Width / 2)),
            Math.Max(0, CentreY - (Height / 2)),
            Math.Min(CentreX + (Width / 2), shape.Width),
            Math.Min(CentreY + (Height / 2), shape.Height));
    }
}

/// <summary>How far an image is padded on all sides for testing.</summary>
/// <param name="Mode">How the value is used.</param>
/// <param name="Value">Such as 127, or 32.</param>
public sealed record CenterPad(CenterPadMode Mode, int Value)
{
    /// <summary>The padded length of a side.</summary>
    /// <param name="side">Its length.</param>
    public int Target(int side) =>
        Mode == CenterPadMode.LogicalOr ? side | Value : (side + Value - 1) / Value * Value;

    /// <summary>From a config's <c>test_mode</c> and <c>test_pad_mode</c>; null for training.</summary>
    internal static CenterPad? FromConfig(ConfigReader reader)
    {
        var pad = reader.RawOrNull("test_pad_mode") as ConfigSequence;
        if (!reader.Bool("test_mode", false))
        {
            return null;
        }

        return pad switch
        {
            null => new(CenterPadMode.LogicalOr, 127),
            [ConfigScalar { Content: "logical_or" }, ConfigScalar { Content: long value }] =>
                new(CenterPadMode.LogicalOr, (int)value),
            [ConfigScalar { Content: "size_divisor" }, ConfigScalar { Content: long value and > 0 }] =>
                new(CenterPadMode.SizeDivisor, (int)value),
            _ => throw reader.Error("test_pad_mode", "must be ['logical_or', 127] or ['size_divisor', 32]. Correct it."),
        };
    }
}

/// <summary>How <see cref="CenterPad"/> finds the length of a side.</summary>
public enum CenterPadMode
{
    /// <summary><c>side | value</c>: with 127, one less than a multiple of 128.</summary>
    LogicalOr,

    /// <summary>The next multiple of the value.</summary>
    SizeDivisor,
}
