using System.Buffers.Binary;
using System.Text.Json;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// Writes the safetensors format: the header padded with spaces so that the tensors begin at a multiple of 8.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes all tensors, in the order given.</summary>
    internal static void Write(
        Stream stream, List<KeyValuePair<string, StoredTensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = Header(tensors, metadata);
        var padding = (Alignment - (header.Length % Alignment)) % Alignment;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach (var (_, tensor) in tensors)
        {
            stream.Write(tensor.IsContiguous ? tensor.ContiguousBytes() : tensor.ToBytes());
            GC.KeepAlive(tensor);
        }
    }

    private static byte[] Header(
        List<KeyValuePair<string, StoredTensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            WriteMetadata(json, metadata);
        }

        var place = 0L;
        foreach (var (name, tensor) in tensors)
        {
            WriteEntry(json, name, tensor, place);
            place += tensor.ByteLength;
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, StoredTensor tensor, long place)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsTypes.NameOf(tensor.Type));
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place);
        json.WriteNumberValue(place + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
