using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// A <c>.safetensors</c> file: tensors by name and a few texts. The bytes stay in the file until they are needed.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
    {
        _file = file;
        Tensors = header.Tensors;
        Metadata = header.Metadata;
    }

    /// <summary>The tensors, in the order of the header.</summary>
    public OrderedDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public OrderedDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header strictly.</summary>
    /// <exception cref="CheckpointException">
    /// The file is missing, truncated, or not a valid safetensors file.
    /// </exception>
    public static SafetensorsFile Read(string path)
    {
        var file = CheckpointFiles.Map(path);
        try
        {
            return new(file, SafetensorsHeader.Parse(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file atomically; keys keep their order.</summary>
    /// <exception cref="CheckpointException">
    /// The file cannot be written; an old file of this name is left as it was.
    /// </exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, StoredTensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = tensors.ToList();
        CheckpointFiles.Replace(path, stream => SafetensorsWriter.Write(stream, all, metadata));
    }

    /// <summary>Releases the file; tensors that were not read yet can no longer be.</summary>
    public void Dispose() => _file.Dispose();
}
