using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A bare storage of a pickle, of which tensors are made.</summary>
internal sealed class StoredStorage(TensorStorage bytes, ScalarType type) : StoredValue
{
    /// <summary>The elements' bytes, of the file or in memory.</summary>
    internal TensorStorage Bytes => bytes;

    /// <summary>The type of the elements; untyped storages count bytes.</summary>
    internal ScalarType Type => type;

    /// <summary>What this is, for messages.</summary>
    public override string ToString() => $"a storage of {bytes.ByteLength} bytes";
}
