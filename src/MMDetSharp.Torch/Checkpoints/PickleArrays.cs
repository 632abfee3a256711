using System.Buffers.Binary;
using System.Text;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// numpy's arrays and numbers in pickles: arrays of plain types become tensors, numbers become numbers.
/// </summary>
internal static class PickleArrays
{
    /// <summary>numpy.dtype('f4', ...): the byte order follows in the state.</summary>
    internal static StoredValue? Type(StoredList arguments) =>
        arguments is [StoredScalar { Value: string code }, ..] && PickleArrayType.Find(code) is { } type
            ? new PickleArrayType(type)
            : null;

    /// <summary>numpy's _reconstruct(ndarray, (0,), b'b'): the content follows in the state.</summary>
    internal static StoredValue Array(StoredList arguments) => new PickleArray(arguments);

    /// <summary>numpy's scalar(dtype, bytes).</summary>
    internal static StoredValue? Scalar(StoredList arguments)
    {
        if (arguments is not [PickleArrayType type, StoredScalar data] || Raw(data) is not { } bytes
            || bytes.Length != type.Type.ElementSize())
        {
            return null;
        }

        return Number(type.Type, type.LittleEndian(bytes));
    }

    /// <summary>The bytes of a value: Python 2 has them as a text.</summary>
    internal static byte[]? Raw(StoredScalar value) => value.Value switch
    {
        byte[] bytes => bytes,
        string text when text.All(character => character < 256) => Encoding.Latin1.GetBytes(text),
        _ => null,
    };

    private static StoredValue Number(ScalarType type, byte[] bytes) => type switch
    {
        ScalarType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ScalarType.Float32 => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ScalarType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ScalarType.Bool => bytes[0] != 0,
        ScalarType.UInt8 => (int)bytes[0],
        _ => PickleMachine.Integer(bytes),
    };
}

/// <summary>A dtype of numpy that a tensor can have.</summary>
internal sealed class PickleArrayType(ScalarType type) : StoredValue
{
    private bool _isBigEndian;

    /// <summary>The type of the elements.</summary>
    internal ScalarType Type => type;

    /// <summary>The type of numpy's code, or null.</summary>
    internal static ScalarType? Find(string code) => code switch
    {
        "f2" => ScalarType.Float16,
        "f4" => ScalarType.Float32,
        "f8" => ScalarType.Float64,
        "i1" => ScalarType.Int8,
        "i2" => ScalarType.Int16,
        "i4" => ScalarType.Int32,
        _ => code switch
        {
            "i8" => ScalarType.Int64,
            "u1" => ScalarType.UInt8,
            "b1" => ScalarType.Bool,
            _ => null,
        },
    };

    /// <summary>Takes the byte order from (version, order, ...).</summary>
    internal void Build(StoredValue state) =>
        _isBigEndian = state is StoredList { Count: > 1 } list && list[1] is StoredScalar { Value: ">" };

    /// <summary>The same elements in little-endian order.</summary>
    internal byte[] LittleEndian(byte[] bytes)
    {
        var size = type.ElementSize();
        if (!_isBigEndian || size == 1)
        {
            return bytes;
        }

        var swapped = (byte[])bytes.Clone();
        for (var i = 0; i + size <= swapped.Length; i += size)
        {
            swapped.AsSpan(i, size).Reverse();
        }

        return swapped;
    }
}

/// <summary>An array of numpy before its state is there.</summary>
internal sealed class PickleArray(StoredList arguments) : StoredValue
{
    /// <summary>Where the machine remembers this array: it will remember the tensor instead.</summary>
    internal List<long> Places { get; } = [];

    /// <summary>
    /// (version, shape, dtype, is Fortran order, raw data) becomes a tensor; other arrays stay inert.
    /// </summary>
    internal StoredValue Build(PickleSource source, StoredValue state)
    {
        if (state is not StoredList parts
            || parts is not [_, StoredList sizes, PickleArrayType type, StoredScalar { Value: bool isFortran }, var raw]
            || raw is not StoredScalar data || PickleArrays.Raw(data) is not { } bytes)
        {
            return new StoredObject("numpy", "ndarray", arguments) { State = state };
        }

        var shape = sizes.Select(size => size.AsInt64()).ToArray();
        var layout = isFortran ? Fortran(shape) : StoredLayout.Contiguous(shape);
        layout.RequireInside(bytes.Length, type.Type);
        return layout.ElementCount * type.Type.ElementSize() == bytes.Length
            ? new StoredTensor(new ArrayStorage(type.LittleEndian(bytes)), type.Type, layout)
            : throw source.Fail(
                $"an array of shape {StoredLayout.Text(shape)} and type {type.Type} has {bytes.Length} bytes");
    }

    private static StoredLayout Fortran(long[] shape)
    {
        var reversed = StoredLayout.Contiguous([.. shape.Reverse()]);
        return new(shape, [.. reversed.Strides.Reverse()], 0);
    }
}
