using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Where the elements of a tensor lie in its storage. Strides and offset count elements.</summary>
internal sealed record StoredLayout(long[] Shape, long[] Strides, long Offset)
{
    private const int MaximumRank = 64;

    /// <summary>The number of elements.</summary>
    internal long ElementCount => Shape.Contains(0) ? 0 : Shape.Aggregate(1L, (count, size) => checked(count * size));

    /// <summary>Elements one after the other, from the start of the storage.</summary>
    internal static StoredLayout Contiguous(long[] shape, long offset = 0)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            strides[dimension] = step;
            step = unchecked(step * Math.Max(shape[dimension], 1));
        }

        return new(shape, strides, offset);
    }

    /// <summary>
    /// Whether the elements lie one after the other; the stride of a dimension of size 1 does not matter.
    /// </summary>
    internal static bool IsContiguous(long[] shape, long[] strides)
    {
        var step = 1L;
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            if (shape[dimension] == 0)
            {
                return true;
            }

            if (shape[dimension] != 1 && strides[dimension] != step)
            {
                return false;
            }

            step *= shape[dimension];
        }

        return true;
    }

    /// <summary>A shape as Python prints it: <c>(64, 3, 7, 7)</c>, <c>(3,)</c>, <c>()</c>.</summary>
    internal static string Text(IReadOnlyList<long> shape) =>
        shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    /// <summary>Fails unless every element lies in a storage of this many bytes.</summary>
    internal void RequireInside(long bytes, ScalarType type, string where = "Checkpoint")
    {
        if (Shape.Length > MaximumRank || Shape.Length != Strides.Length)
        {
            throw new CheckpointException(
                $"{where}: a tensor must have at most {MaximumRank} dimensions and a stride each, "
                + $"found {Shape.Length} dimensions and {Strides.Length} strides. The file is damaged.");
        }

        var isNegative = Offset < 0 || Shape.Any(size => size < 0) || Strides.Any(stride => stride < 0);
        if (isNegative || !Fits(bytes / type.ElementSize()))
        {
            throw new CheckpointException(
                $"{where}: a tensor of shape {Text(Shape)}, strides {Text(Strides)}, offset {Offset} and type {type} "
                + $"does not lie in its storage of {bytes} bytes. The file is damaged: copy or download it again.");
        }
    }

    private bool Fits(long elements)
    {
        if (Shape.Contains(0))
        {
            return true;
        }

        Int128 last = Offset;
        Int128 count = 1;
        for (var dimension = 0; dimension < Shape.Length; dimension++)
        {
            last += (Int128)(Shape[dimension] - 1) * Strides[dimension];
            count *= Shape[dimension];
            if (last >= elements || count > long.MaxValue / 16)
            {
                return false;
            }
        }

        return last < elements;
    }
}
