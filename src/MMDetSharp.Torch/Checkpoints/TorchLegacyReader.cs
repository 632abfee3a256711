using System.Buffers.Binary;
using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// PyTorch's format before 1.6: five pickles one after the other (a magic number, the protocol, the machine, the
/// object,
/// the keys of the storages), then the storages in the order of the keys, each with its number of elements before it.
/// </summary>
internal sealed class TorchLegacyReader
{
    private const int Protocol = 1001;
    private const int CountBytes = 8;

    // The magic number follows the pickle's protocol, and from protocol 4 on the length of a frame.
    private const int Begin = 24;
    private static readonly byte[] Magic =
        [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    private readonly MappedFile _file;
    private readonly Dictionary<string, LegacyStorage> _storages = [];
    private long _position;

    private readonly ISet<string>? _names;

    private TorchLegacyReader(MappedFile file, ISet<string>? names)
    {
        _file = file;
        _names = names;
    }

    /// <summary>Whether the file begins with a pickle of PyTorch's magic number.</summary>
    internal static bool Matches(MappedFile file) =>
        file.Length >= Begin && file.Span(0, 1)[0] == 0x80 && file.Span(0, Begin).IndexOf(Magic) > 0;

    /// <summary>Reads the pickled object; storages stay in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">Gets the names of all classes and functions that the pickles hold.</param>
    internal static StoredValue Read(MappedFile file, ISet<string>? names = null)
    {
        var reader = new TorchLegacyReader(file, names);
        reader.Next();
        reader.RequireProtocol(reader.Next());
        reader.RequireLittleEndian(reader.Next());
        var root = reader.Next();
        reader.Locate(reader.Next());
        return root;
    }

    private StoredValue Next()
    {
        var source = new PickleSource(_file, _position, _file.Length, _names);
        var value = new PickleMachine(source, Load).Run();
        _position = source.Position;
        return value;
    }

    private void RequireProtocol(StoredValue value)
    {
        if (value is not StoredScalar { Value: (long)Protocol })
        {
            throw new CheckpointException(
                $"{_file.Path}: the protocol must be {Protocol}, found {value}. "
                + "The file is damaged: copy or download it again.");
        }
    }

    private void RequireLittleEndian(StoredValue value)
    {
        if (value is StoredDictionary machine && machine.TryGet("little_endian", out var little) && !little.AsBool())
        {
            throw new CheckpointException(
                $"{_file.Path}: the numbers must be little-endian, found big-endian. "
                + "Save it again on another machine.");
        }
    }

    // ('storage', class, key, device, number of elements, None or (key of the view, offset, number of elements))
    private StoredValue Load(StoredValue id)
    {
        if (id is StoredList { Count: 4 } module && module[0] is StoredScalar { Value: "module" })
        {
            return module[1]; // ('module', class, source file, source): a pickled class with its code as text
        }

        var reference = StorageReference.Parse(_file, id);
        if (reference.ByteLength > _file.Length)
        {
            throw TooShort(reference.Key, reference.ByteLength, _file.Length - _position);
        }

        if (!_storages.TryGetValue(reference.Key, out var storage))
        {
            storage = new LegacyStorage(_file, reference.Count, reference.Type.ElementSize());
            _storages.Add(reference.Key, storage);
        }

        return new StoredStorage(View(reference, storage), reference.Type);
    }

    private TensorStorage View(StorageReference reference, LegacyStorage storage)
    {
        if (reference.View is null)
        {
            return storage;
        }

        var size = reference.Type.ElementSize();
        if (reference.View is not [_, StoredScalar { Value: long offset }, StoredScalar { Value: long count }]
            || offset < 0 || count < 0 || offset > storage.ByteLength / size - count)
        {
            throw new CheckpointException(
                $"{_file.Path}: a view must lie in its storage {reference.Key} of {storage.ByteLength} bytes, "
                + "found another. The file is damaged: copy or download it again.");
        }

        return new StorageView(storage, offset * size, count * size);
    }

    private void Locate(StoredValue keys)
    {
        foreach (var key in keys.AsList().OfType<StoredScalar>().Select(StorageReference.Name))
        {
            if (!_storages.Remove(key, out var storage))
            {
                throw new CheckpointException(
                    $"{_file.Path}: every storage must belong to a tensor, found {key} that does not. "
                    + "The file is damaged: copy or download it again.");
            }

            LocateNext(key, storage);
        }

        if (_storages.Count > 0)
        {
            var (key, storage) = _storages.First();
            throw TooShort(key, storage.ByteLength, 0);
        }
    }

    private void LocateNext(string key, LegacyStorage storage)
    {
        var left = _file.Length - _position - CountBytes;
        if (left < storage.ByteLength)
        {
            throw TooShort(key, storage.ByteLength, Math.Max(0, left));
        }

        var count = BinaryPrimitives.ReadInt64LittleEndian(_file.Span(_position, CountBytes));
        if (count != storage.Count)
        {
            throw new CheckpointException(
                $"{_file.Path}: byte {_position}: storage {key} must have {storage.Count} elements, found {count}. "
                + "The file is damaged: copy or download it again.");
        }

        storage.Start = _position + CountBytes;
        _position = storage.Start + storage.ByteLength;
    }

    private CheckpointException TooShort(string key, long expected, long found) =>
        CheckpointFiles.Truncated(_file.Path, $"expected {expected} bytes for storage {key}, found {found}");
}

/// <summary>A storage whose place in the file is known only after all pickles are read.</summary>
internal sealed class LegacyStorage(MappedFile file, long count, int elementSize) : TensorStorage
{
    /// <summary>The number of elements.</summary>
    internal long Count => count;

    /// <summary>The place of the first byte in the file.</summary>
    internal long Start { get; set; }

    internal override long ByteLength => count * elementSize;

    internal override ReadOnlySpan<byte> Span(long offset, int length) => file.Span(Start + offset, length);
}

/// <summary>A part of another storage.</summary>
internal sealed class StorageView(TensorStorage whole, long start, long length) : TensorStorage
{
    internal override long ByteLength => length;

    internal override ReadOnlySpan<byte> Span(long offset, int count) => whole.Span(start + offset, count);
}
