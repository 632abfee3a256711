using System.Buffers.Binary;
using System.Text.Json;
using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// The header of a safetensors file: eight bytes of length, then JSON; the tensors' bytes follow without holes.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;
    private const long MaximumHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    private readonly MappedFile _file;
    private readonly List<(string Name, long Begin, long End)> _ranges = [];
    private long _start;

    private SafetensorsHeader(MappedFile file) => _file = file;

    /// <summary>The tensors, in the order of the header.</summary>
    internal OrderedDictionary<string, StoredTensor> Tensors { get; } = [];

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    internal OrderedDictionary<string, string> Metadata { get; } = [];

    /// <summary>Whether the file begins like a safetensors file: a length, then an opening brace.</summary>
    internal static bool Matches(MappedFile file) =>
        file.Length > LengthBytes
        && BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes)) is > 1 and <= (ulong)MaximumHeader
        && file.Span(LengthBytes, 1)[0] == '{';

    /// <summary>Reads and checks the header.</summary>
    internal static SafetensorsHeader Parse(MappedFile file)
    {
        var header = new SafetensorsHeader(file);
        try
        {
            using var document = header.ReadDocument();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                header.AddProperty(property);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(
                $"{file.Path}: the safetensors header must be a JSON object of tensors ({exception.Message}). "
                + "The file is damaged or of another format: copy or download it again.",
                exception);
        }

        header.RequireNoHoles();
        return header;
    }

    private JsonDocument ReadDocument()
    {
        if (_file.Length < LengthBytes)
        {
            throw CheckpointFiles.Truncated(_file.Path, $"expected at least {LengthBytes} bytes, found {_file.Length}");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(_file.Span(0, LengthBytes));
        if (length > (ulong)MaximumHeader)
        {
            throw new CheckpointException(
                $"{_file.Path}: the safetensors header must be at most {MaximumHeader} bytes, found {length}. "
                + "The file is of another format.");
        }

        if ((long)length > _file.Length - LengthBytes)
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected {length} bytes of header, found {_file.Length - LengthBytes}");
        }

        _start = LengthBytes + (long)length;
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
        return JsonDocument.Parse(_file.Span(LengthBytes, (int)length).ToArray(), options);
    }

    private void AddProperty(JsonProperty property)
    {
        if (property.Name == MetadataKey)
        {
            foreach (var entry in property.Value.EnumerateObject())
            {
                Metadata.Add(entry.Name, entry.Value.GetString() ?? throw Wrong(MetadataKey, "texts", "null"));
            }

            return;
        }

        AddTensor(property.Name, property.Value);
    }

    private void AddTensor(string name, JsonElement entry)
    {
        var typeName = Require(name, entry, "dtype").GetString();
        var type = SafetensorsTypes.Find(typeName ?? "")
            ?? throw Wrong(name, $"one of the types {SafetensorsTypes.Names}", $"'{typeName}'");
        var shape = Require(name, entry, "shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var ends = Require(name, entry, "data_offsets").EnumerateArray();
        var offsets = ends.Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin)
        {
            throw Wrong(name, "data_offsets [begin, end]", $"[{string.Join(", ", offsets)}]");
        }

        if (end > _file.Length - _start)
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected {_start + end} bytes for tensor {name}, found {_file.Length}");
        }

        Tensors.Add(name, MakeTensor(name, type, shape, (begin, end)));
        _ranges.Add((name, begin, end));
    }

    private StoredTensor MakeTensor(string name, ScalarType type, long[] shape, (long Begin, long End) range)
    {
        var storage = new MappedStorage(_file, _start + range.Begin, range.End - range.Begin);
        var layout = StoredLayout.Contiguous(shape);
        layout.RequireInside(storage.ByteLength, type, $"{_file.Path}: {name}");
        var tensor = new StoredTensor(storage, type, layout);
        return tensor.ByteLength == range.End - range.Begin ? tensor : throw Wrong(
            name, $"{tensor.ByteLength} bytes for {tensor}", $"{range.End - range.Begin} bytes");
    }

    private void RequireNoHoles()
    {
        var place = 0L;
        foreach (var (name, begin, end) in _ranges.OrderBy(range => range.Begin).ThenBy(range => range.End))
        {
            if (begin != place)
            {
                throw Wrong(name, $"data_offsets that begin at {place}, where the tensor before ends", $"{begin}");
            }

            place = end;
        }

        if (place != _file.Length - _start)
        {
            throw new CheckpointException(
                $"{_file.Path}: the tensors must take all {_file.Length - _start} bytes after the header, "
                + $"they take {place}. The file is damaged: copy or download it again.");
        }
    }

    private JsonElement Require(string name, JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) ? value : throw Wrong(name, $"the entry '{key}'", "none");

    private CheckpointException Wrong(string name, string wanted, string found) =>
        new($"{_file.Path}: tensor {name} must have {wanted}, found {found}. "
            + "The file is damaged or of another format: copy or download it again.");
}
