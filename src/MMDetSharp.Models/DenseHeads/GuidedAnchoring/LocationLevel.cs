using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>One level's location targets of a batch, as values.</summary>
internal sealed class LocationLevel
{
    private const float Outside = 0.1f; // as the reference: there are many of these places

    private readonly int _stride;
    private readonly (long Height, long Width) _size;
    private readonly float[] _centers; // (B, 1, H, W)
    private readonly float[] _weights; // (B, 1, H, W)

    /// <param name="stride">Pixels between two places.</param>
    /// <param name="size">Height and width of the map.</param>
    /// <param name="images">B.</param>
    internal LocationLevel(int stride, (long Height, long Width) size, int images)
    {
        (_stride, _size) = (stride, size);
        _centers = new float[images * size.Height * size.Width];
        _weights = new float[_centers.Length];
        Array.Fill(_weights, Outside);
    }

    /// <summary>Marks an object on the level of its size.</summary>
    internal void MarkOwn(int image, UprightBox box, LocationRegion center, LocationRegion ignored)
    {
        // As the reference: the last object decides on the weight, but what one of them made a centre stays one.
        Fill(_weights, image, ignored.Of(box, _stride, _size), 0);
        Fill(_weights, image, center.Of(box, _stride, _size), 1);
        Fill(_centers, image, center.Of(box, _stride, _size), 1);
    }

    /// <summary>Marks an object on a level beside its own: what is outside of that level's own objects does not count.</summary>
    internal void MarkNear(int image, UprightBox box, LocationRegion ignored)
    {
        foreach (var (start, count) in Rows(image, ignored.Of(box, _stride, _size)))
        {
            _weights.AsSpan(start, count).Replace(Outside, 0);
        }
    }

    /// <summary>(B, 1, H, W): 1 where an anchor should stand, else 0; it belongs to the caller.</summary>
    internal Tensor Centers(Device device) => Map(_centers, device);

    /// <summary>(B, 1, H, W): 1 at centres, 0 around them and on other levels, 0.1 outside; it belongs to the caller.</summary>
    internal Tensor Weights(Device device) => Map(_weights, device);

    private void Fill(float[] values, int image, LocationRange range, float value)
    {
        foreach (var (start, count) in Rows(image, range))
        {
            values.AsSpan(start, count).Fill(value);
        }
    }

    private IEnumerable<(int Start, int Count)> Rows(int image, LocationRange range)
    {
        for (var y = range.Top; y < range.Bottom; y++)
        {
            yield return ((int)((((image * _size.Height) + y) * _size.Width) + range.Left), range.Right - range.Left);
        }
    }

    private Tensor Map(float[] values, Device device)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Tensor.From(values, values.Length / (_size.Height * _size.Width), 1, _size.Height, _size.Width).To(device));
    }
}
