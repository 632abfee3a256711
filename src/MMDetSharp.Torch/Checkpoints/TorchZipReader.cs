using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// PyTorch's format since 1.6: a zip archive with one pickle (<c>NAME/data.pkl</c>) and the storages
/// (<c>NAME/data/KEY</c>).
/// </summary>
internal sealed class TorchZipReader
{
    private const string PickleName = "/data.pkl";

    private readonly MappedFile _file;
    private readonly ZipDirectory _directory;
    private readonly string _prefix;
    private readonly Dictionary<string, TensorStorage> _storages = [];

    private TorchZipReader(MappedFile file, ZipDirectory directory, string prefix)
    {
        _file = file;
        _directory = directory;
        _prefix = prefix;
    }

    /// <summary>Reads the pickled object; storages stay in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">Gets the names of all classes and functions that the pickle holds.</param>
    internal static StoredValue Read(MappedFile file, ISet<string>? names = null)
    {
        var directory = ZipDirectory.Read(file);
        var pickle = directory.Entries
            .FirstOrDefault(entry => entry.Name.EndsWith(PickleName, StringComparison.Ordinal))
            ?? throw new CheckpointException(
                $"{file.Path}: a PyTorch checkpoint must hold data.pkl, found an archive of "
                + $"{directory.Entries.Count} other files. If the checkpoint is inside, unpack it first.");
        var reader = new TorchZipReader(file, directory, pickle.Name[..^PickleName.Length]);
        reader.RequireLittleEndian();
        reader.RequireUndamaged(pickle);
        var source = new PickleSource(file, pickle.Start, pickle.Start + pickle.Length, names);
        return new PickleMachine(source, reader.Load).Run();
    }

    private void RequireLittleEndian()
    {
        var entry = _directory.Find(_prefix + "/byteorder");
        if (entry is { Length: 3 } && _file.Span(entry.Start, 3).SequenceEqual("big"u8))
        {
            throw new CheckpointException(
                $"{_file.Path}: the numbers must be little-endian, found big-endian. "
                + "Save it again on another machine.");
        }
    }

    private void RequireUndamaged(ZipEntry entry)
    {
        if (Crc32.OfFile(_file, entry.Start, entry.Length) != entry.Crc)
        {
            throw new CheckpointException(
                $"{_file.Path}: {entry.Name} is damaged: its check sum is not the recorded one. "
                + "Copy or download the file again.");
        }
    }

    // ('storage', class, key, device, number of elements)
    private StoredStorage Load(StoredValue id)
    {
        var reference = StorageReference.Parse(_file, id);
        if (!_storages.TryGetValue(reference.Key, out var storage))
        {
            storage = Find(reference);
            _storages.Add(reference.Key, storage);
        }

        return storage.ByteLength >= reference.ByteLength
            ? new StoredStorage(storage, reference.Type)
            : throw TooShort(reference, storage.ByteLength);
    }

    private MappedStorage Find(StorageReference reference)
    {
        var entry = _directory.Find($"{_prefix}/data/{reference.Key}") ?? throw TooShort(reference, 0);
        return new MappedStorage(_file, entry.Start, entry.Length) { Crc = entry.Crc };
    }

    private CheckpointException TooShort(StorageReference reference, long found) => CheckpointFiles.Truncated(
        _file.Path, $"expected {reference.ByteLength} bytes for storage {reference.Key}, found {found}");
}

/// <summary>What a pickle says of a storage: its type, key and number of elements.</summary>
internal sealed record StorageReference(ScalarType Type, string Key, long Count)
{
    /// <summary>Bytes of the storage.</summary>
    internal long ByteLength => Count * Type.ElementSize();

    /// <summary>
    /// The part of the persistent id after the number of elements: PyTorch's old format has views there.
    /// </summary>
    internal StoredList? View { get; private init; }

    /// <summary>Reads a persistent id.</summary>
    internal static StorageReference Parse(MappedFile file, StoredValue id)
    {
        if (id is not StoredList parts
            || parts is not [StoredScalar { Value: "storage" }, var type, StoredScalar key, _, StoredScalar size, ..]
            || size.Value is not long count)
        {
            throw new CheckpointException(
                $"{file.Path}: a storage must be named by ('storage', class, key, device, size), found {id}. "
                + "The file is damaged: copy or download it again.");
        }

        var known = TorchTypes.OfStorage(type) ?? throw new CheckpointException(
            $"{file.Path}: a storage must be of a plain type, found {type}. "
            + "Convert the tensors to float in Python and save again.");
        if (count < 0 || count > long.MaxValue / 16)
        {
            throw new CheckpointException($"{file.Path}: a storage cannot have {count} elements. The file is damaged.");
        }

        return new(known, Name(key), count) { View = parts.Count > 5 ? parts[5] as StoredList : null };
    }

    /// <summary>A key as text: files have texts or numbers.</summary>
    internal static string Name(StoredScalar key) => key.Value is string text ? text : key.ToString();
}
