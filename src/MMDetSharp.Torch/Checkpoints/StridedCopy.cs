namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Copies a strided tensor into row-major order.</summary>
internal static class StridedCopy
{
    /// <summary>The elements of the layout, one after the other.</summary>
    internal static byte[] Run(TensorStorage storage, int elementSize, StoredLayout layout, int byteLength)
    {
        var result = new byte[byteLength];
        var place = new long[layout.Shape.Length];
        var source = layout.Offset;
        for (var target = 0; target < byteLength; target += elementSize)
        {
            storage.Span(source * elementSize, elementSize).CopyTo(result.AsSpan(target));
            source += Next(place, layout);
        }

        GC.KeepAlive(storage);
        return result;
    }

    // Counts one place up, the last dimension fastest, and tells how far the source moves.
    private static long Next(long[] place, StoredLayout layout)
    {
        var moved = 0L;
        for (var dimension = place.Length - 1; dimension >= 0; dimension--)
        {
            moved += layout.Strides[dimension];
            if (++place[dimension] < layout.Shape[dimension])
            {
                return moved;
            }

            moved -= layout.Strides[dimension] * layout.Shape[dimension];
            place[dimension] = 0;
        }

        return moved;
    }
}
