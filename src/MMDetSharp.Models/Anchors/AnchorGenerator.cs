using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Anchors;

/// <summary>
/// Anchors of fixed ratios and scales at every place: Ren et al., "Faster R-CNN", arXiv:1506.01497, section 3.1.1; with
/// several scales per octave, Lin et al., "Focal Loss for Dense Object Detection", arXiv:1708.02002, section 4.
/// </summary>
public sealed class AnchorGenerator : IAnchorGenerator
{
    /// <param name="options">Strides, ratios, scales.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public AnchorGenerator(AnchorGeneratorOptions options)
        : this(RatioScaleAnchors.Make(options), options.Strides)
    {
    }

    /// <summary>Repeats given anchors over the places.</summary>
    /// <param name="baseAnchors">Per level the anchors of the first place, (x1, y1, x2, y2) each.</param>
    /// <param name="strides">(x, y) pixels between two places, per level.</param>
    internal AnchorGenerator(float[][] baseAnchors, IReadOnlyList<(int X, int Y)> strides)
    {
        BaseAnchors = baseAnchors;
        Strides = strides;
        AnchorsPerPlace = [.. baseAnchors.Select(anchors => anchors.Length / 4)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<(int X, int Y)> Strides { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> AnchorsPerPlace { get; }

    /// <summary>Per level the anchors of the first place, (x1, y1, x2, y2) each.</summary>
    internal IReadOnlyList<float[]> BaseAnchors { get; }

    /// <inheritdoc/>
    public Tensor[] GridAnchors(IReadOnlyList<(long Height, long Width)> sizes, Device device)
    {
        RequireLevels(sizes);
        using var scope = TensorScope.Begin();
        var levels = sizes.Select((size, level) =>
        {
            var anchors = Shift(BaseAnchors[level], size, Strides[level]);
            return Tensor.From(anchors, anchors.Length / 4, 4).To(device);
        });
        return scope.Keep(levels.ToArray());
    }

    /// <inheritdoc/>
    public Tensor[] ValidFlags(IReadOnlyList<(long Height, long Width)> sizes, ImageShape padShape, Device device)
    {
        RequireLevels(sizes);
        using var scope = TensorScope.Begin();
        var levels = sizes.Select((size, level) =>
        {
            var (strideX, strideY) = Strides[level];
            var height = Math.Min((padShape.Height + strideY - 1) / strideY, size.Height);
            var width = Math.Min((padShape.Width + strideX - 1) / strideX, size.Width);
            var flags = Flags(size, (height, width), AnchorsPerPlace[level]);
            return Tensor.From(flags, flags.Length).To(device);
        });
        return scope.Keep(levels.ToArray());
    }

    // As the reference: float32 sums of the base anchor and the place's position.
    private static float[] Shift(float[] anchors, (long Height, long Width) size, (int X, int Y) stride)
    {
        var all = new float[size.Height * size.Width * anchors.Length];
        var next = 0;
        for (var y = 0; y < size.Height; y++)
        {
            float shiftY = y * stride.Y;
            for (var x = 0; x < size.Width; x++)
            {
                float shiftX = x * stride.X;
                for (var i = 0; i < anchors.Length; i += 4)
                {
                    all[next++] = anchors[i] + shiftX;
                    all[next++] = anchors[i + 1] + shiftY;
                    all[next++] = anchors[i + 2] + shiftX;
                    all[next++] = anchors[i + 3] + shiftY;
                }
            }
        }

        return all;
    }

    private static bool[] Flags((long Height, long Width) size, (long Height, long Width) valid, int anchors)
    {
        var flags = new bool[size.Height * size.Width * anchors];
        for (var y = 0; y < valid.Height; y++)
        {
            flags.AsSpan((int)(y * size.Width * anchors), (int)(valid.Width * anchors)).Fill(true);
        }

        return flags;
    }

    private void RequireLevels(IReadOnlyList<(long Height, long Width)> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count != Strides.Count)
        {
            throw new ArgumentException(
                $"AnchorGenerator: there must be one map per stride, got {sizes.Count} maps for {Strides.Count} " +
                "strides. Give the anchor generator as many strides as the neck has outputs.", nameof(sizes));
        }
    }
}
