using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Data.Datasets.Shapes;

/// <summary>One image: circles, squares and triangles on a shaded, noisy ground.</summary>
internal sealed class ShapesImage
{
    private const double Noise = 12;
    private const int SamplesPerSide = 3;       // of a pixel, for smooth edges
    private const int Attempts = 40;
    private readonly CounterRandom _random;
    private readonly int _side;

    internal ShapesImage(ShapesOptions options, int index)
    {
        _random = new CounterRandom(options.Seed, index);
        _side = options.Side;
        Shapes = Place(_random.NextInt(1, options.MaxShapes + 1));
    }

    internal IReadOnlyList<DrawnShape> Shapes { get; }

    /// <summary>Renders ground, noise and shapes as uint8 BGR; the caller owns the image.</summary>
    internal Image Draw()
    {
        var image = Image.Create(new ImageShape(_side, _side, 3));
        var pixels = image.Bytes;
        var from = Color();
        var to = Color();
        for (var y = 0; y < _side; y++)
        {
            for (var x = 0; x < _side; x++)
            {
                var shade = (double)(x + y) / (2 * _side);
                var pixel = pixels.Slice(3 * ((y * _side) + x), 3);
                Paint(pixel, x, y, [
                    Mix(from[0], to[0], shade), Mix(from[1], to[1], shade), Mix(from[2], to[2], shade)]);
            }
        }

        return image;
    }

    private static double Mix(double from, double to, double share) => from + ((to - from) * share);

    private static double Coverage(DrawnShape shape, int x, int y)
    {
        var inside = 0;
        for (var i = 0; i < SamplesPerSide * SamplesPerSide; i++)
        {
            var dx = ((i % SamplesPerSide) + 0.5) / SamplesPerSide;
            var dy = ((i / SamplesPerSide) + 0.5) / SamplesPerSide;
            inside += shape.Covers(x + dx, y + dy) ? 1 : 0;
        }

        return (double)inside / (SamplesPerSide * SamplesPerSide);
    }

    private void Paint(Span<byte> pixel, int x, int y, Span<double> color)
    {
        foreach (var shape in Shapes)
        {
            if (x < shape.X || y < shape.Y || x > shape.X + shape.Width || y > shape.Y + shape.Height)
            {
                continue;
            }

            var coverage = Coverage(shape, x, y);
            for (var channel = 0; channel < 3; channel++)
            {
                color[channel] = Mix(color[channel], shape.Color[channel], coverage);
            }
        }

        for (var channel = 0; channel < 3; channel++)
        {
            pixel[channel] = (byte)Math.Clamp(color[channel] + _random.Uniform(-Noise, Noise), 0, 255);
        }
    }

    private List<DrawnShape> Place(int count)
    {
        var shapes = new List<DrawnShape>();
        for (var attempt = 0; attempt < Attempts && shapes.Count < count; attempt++)
        {
            var shape = Draft();
            if (shapes.All(other => other.Overlap(shape) < 0.1))
            {
                shapes.Add(shape);
            }
        }

        return shapes;
    }

    private DrawnShape Draft()
    {
        var kind = (ShapeKind)_random.NextInt(0, 3);
        var width = _random.NextInt(_side / 7, _side / 2);
        var height = Math.Clamp((int)(width * _random.Uniform(0.8, 1.25)), _side / 8, _side / 2);
        var x = _random.NextInt(0, _side - width);
        var y = _random.NextInt(0, _side - height);
        return new DrawnShape(kind, x, y, width, height, Color());
    }

    private double[] Color() => [_random.Uniform(20, 235), _random.Uniform(20, 235), _random.Uniform(20, 235)];
}
