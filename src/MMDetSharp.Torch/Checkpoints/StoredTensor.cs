using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A tensor of a checkpoint: managed data or a part of the mapped file, read when it is needed.</summary>
/// <remarks>Several stored tensors may share one storage, with offsets and strides, as in PyTorch.</remarks>
public sealed class StoredTensor : StoredValue
{
    private readonly long[] _shape;
    private readonly long[] _strides;

    /// <summary>A tensor over a storage; everything must lie inside it.</summary>
    /// <exception cref="CheckpointException">A size is negative, or the tensor does not lie in its storage.</exception>
    internal StoredTensor(TensorStorage storage, ScalarType type, StoredLayout layout)
    {
        layout.RequireInside(storage.ByteLength, type);
        Storage = storage;
        Type = type;
        StorageOffset = layout.Offset;
        _shape = layout.Shape;
        _strides = layout.Strides;
        ElementCount = layout.ElementCount;
    }

    /// <summary>The type of the elements.</summary>
    public ScalarType Type { get; }

    /// <summary>The size of each dimension.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Elements from one place to the next, for each dimension.</summary>
    public IReadOnlyList<long> Strides => _strides;

    /// <summary>The place of the first element in the storage, in elements.</summary>
    public long StorageOffset { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of the elements when they lie one after the other.</summary>
    public long ByteLength => ElementCount * Type.ElementSize();

    /// <summary>Whether Python recorded that the tensor wants a gradient (parameters do).</summary>
    public bool RequiresGrad { get; internal init; }

    /// <summary>Whether the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous => StoredLayout.IsContiguous(_shape, _strides);

    internal TensorStorage Storage { get; }

    /// <summary>Whether two stored tensors share their bytes.</summary>
    public bool SharesStorageWith(StoredTensor other) => ReferenceEquals(Storage, other.Storage);

    /// <summary>A tensor of these bytes (row-major, little-endian); they are copied.</summary>
    /// <exception cref="CheckpointException">The number of bytes is not that of the shape.</exception>
    public static StoredTensor FromBytes(ReadOnlySpan<byte> bytes, ScalarType type, params ReadOnlySpan<long> shape)
    {
        var layout = StoredLayout.Contiguous(shape.ToArray());
        var tensor = new StoredTensor(new ArrayStorage(bytes.ToArray()), type, layout);
        return tensor.ByteLength == bytes.Length ? tensor : throw new CheckpointException(
            $"StoredTensor: {tensor} takes {tensor.ByteLength} bytes, got {bytes.Length}. "
            + "Give exactly the elements of the shape.");
    }

    /// <summary>
    /// The elements of a live tensor, for writing: nothing is copied where they lie in memory one after the other.
    /// </summary>
    /// <param name="tensor">Borrowed: write the checkpoint before it is changed, disposed, or its scope ends.</param>
    public static StoredTensor From(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var layout = StoredLayout.Contiguous(tensor.Shape);
        return new StoredTensor(LiveStorage.Of(tensor), tensor.Type, layout);
    }

    /// <summary>Copies the elements into a new tensor on the processor; the caller owns it.</summary>
    /// <exception cref="CheckpointException">
    /// The tensor is larger than 2 GiB, or its bytes in the file are damaged.
    /// </exception>
    public Tensor ToTensor()
    {
        if (!IsContiguous)
        {
            return Tensor.FromBytes(ToBytes(), Type, _shape);
        }

        var tensor = Tensor.FromBytes(ContiguousBytes(), Type, _shape);
        GC.KeepAlive(Storage);
        return tensor;
    }

    /// <summary>The elements as bytes, row-major and little-endian.</summary>
    /// <exception cref="CheckpointException">
    /// The tensor is larger than 2 GiB, or its bytes in the file are damaged.
    /// </exception>
    public byte[] ToBytes()
    {
        if (IsContiguous)
        {
            var copy = ContiguousBytes().ToArray();
            GC.KeepAlive(Storage);
            return copy;
        }

        return StridedCopy.Run(
            Storage, Type.ElementSize(), new StoredLayout(_shape, _strides, StorageOffset), RequireNotExpanded());
    }

    /// <summary>The same tensor, with another wish for a gradient.</summary>
    internal StoredTensor RequiringGrad(bool wish) =>
        new(Storage, Type, new StoredLayout(_shape, _strides, StorageOffset)) { RequiresGrad = wish };

    /// <summary>What this is, for messages: <c>Float32 (64, 3, 7, 7)</c>.</summary>
    public override string ToString() => $"{Type} {StoredLayout.Text(_shape)}";

    /// <summary>The bytes in place. Keep <see cref="Storage"/> alive while the span is used.</summary>
    internal ReadOnlySpan<byte> ContiguousBytes() =>
        ElementCount == 0 ? default : Storage.Span(StorageOffset * Type.ElementSize(), RequireSmall());

    // A few bytes with strides of zero can claim to be any size: a damaged file must not take all memory.
    private int RequireNotExpanded()
    {
        const long always = 1L << 28;
        return ByteLength <= Math.Max(always, Storage.ByteLength) ? RequireSmall() : throw new CheckpointException(
            $"Checkpoint: a repeated tensor must be smaller than {always >> 20} MiB, found {this} in a storage of "
            + $"{Storage.ByteLength} bytes. The file is damaged, or the tensor must be saved without expand().");
    }

    private int RequireSmall() => ByteLength <= Array.MaxLength ? (int)ByteLength : throw new CheckpointException(
        $"Checkpoint: a tensor must be smaller than 2 GiB, found {this} of {ByteLength} bytes. Split it.");
}
