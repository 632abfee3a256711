using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// Writes PyTorch's zip format, which every PyTorch since 1.6 opens; a shared storage is written once.
/// </summary>
/// <param name="stream">Where to write.</param>
/// <param name="wideFrom">The first number that is written as zip64; tests lower it.</param>
internal sealed class TorchZipWriter(Stream stream, long wideFrom = uint.MaxValue)
{
    private readonly Dictionary<(TensorStorage Storage, ScalarType Type), string> _keys = [];
    private readonly List<TensorStorage> _storages = [];

    /// <summary>Writes a value and all storages of its tensors.</summary>
    internal void Write(StoredValue root)
    {
        var pickle = PickleWriter.Write(root, Key);
        var zip = new ZipWriter(stream, wideFrom);
        zip.Add("archive/data.pkl", pickle);
        zip.Add("archive/byteorder", "little"u8.ToArray());
        for (var key = 0; key < _storages.Count; key++)
        {
            zip.Add($"archive/data/{key}", _storages[key]);
        }

        zip.Add("archive/version", "3\n"u8.ToArray());
        zip.Finish();
    }

    private string Key(StoredTensor tensor)
    {
        if (!_keys.TryGetValue((tensor.Storage, tensor.Type), out var key))
        {
            key = $"{_storages.Count}";
            _keys.Add((tensor.Storage, tensor.Type), key);
            _storages.Add(tensor.Storage);
        }

        return key;
    }
}
