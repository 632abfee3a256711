using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// A checkpoint file: the tensors of a model by name, what was written beside them, and the optimizer's state.
/// </summary>
/// <remarks>
/// Nothing of the file is run, whatever it holds. Tensors stay in the file until they are read, so keep the
/// checkpoint while
/// its tensors are in use; disposing it releases the file.
/// </remarks>
public sealed class Checkpoint : IDisposable
{
    private static readonly StoredDictionary Nothing = [];

    private readonly MappedFile _file;
    private OrderedDictionary<string, StoredTensor>? _state;

    private Checkpoint(MappedFile file, CheckpointFormat format, StoredValue root)
    {
        _file = file;
        Format = format;
        Root = root;
    }

    /// <summary>
    /// The full names of all classes and functions that the file holds, also where nothing was made of them:
    /// <c>torch._utils._rebuild_tensor_v2</c>, <c>models.yolo.Model</c>. Nothing of them was run.
    /// </summary>
    public IReadOnlySet<string> PickledNames { get; private init; } = new HashSet<string>();

    /// <summary>The path that was read.</summary>
    public string FileName => _file.Path;

    /// <summary>How the file is stored; found by its content, not by its name.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>The whole content, for readers of other layouts.</summary>
    public StoredValue Root { get; }

    /// <summary>
    /// The tensors of the model in the order of the file: under <c>state_dict</c>, <c>ema</c>, <c>model</c> ..., or
    /// at the top;
    /// a whole pickled module gives its parameters and buffers. A prefix <c>module.</c> of all names is left out.
    /// </summary>
    /// <exception cref="CheckpointException">The file holds no tensors of a model.</exception>
    public OrderedDictionary<string, StoredTensor> State => _state ??= StateDictFinder.Find(Root)
        ?? throw new CheckpointException(
            $"{FileName}: a checkpoint must hold the tensors of a model (under state_dict, model or at the top), "
            + $"found {Root}. Save model.state_dict() in Python.");

    /// <summary>
    /// What was written beside the tensors (epoch, iter, CLASSES, config ...); empty where there is nothing.
    /// </summary>
    public StoredDictionary Meta =>
        Find("meta") ?? (Format == CheckpointFormat.Safetensors ? Root.AsDictionary() : Nothing);

    /// <summary>
    /// The optimizer's state as PyTorch has it: <c>state</c> {index: {name: tensor or number}} and <c>param_groups</c>;
    /// null where there is none.
    /// </summary>
    public StoredDictionary? Optimizer => Find("optimizer");

    /// <summary>Opens a checkpoint: PyTorch's zip or legacy format, or safetensors.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is missing, truncated, damaged, or of another format.</exception>
    public static Checkpoint Read(string path)
    {
        var file = CheckpointFiles.Map(path);
        try
        {
            return Read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a checkpoint that Python's <c>torch.load</c> opens, atomically.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="content">What to write.</param>
    /// <exception cref="CheckpointException">
    /// The file cannot be written; an old file of this name is left as it was.
    /// </exception>
    public static void Write(string path, CheckpointContent content) => WriteRoot(path, content.ToRoot());

    /// <summary>As <see cref="Write"/>, for any value: what <c>torch.save(root, path)</c> writes.</summary>
    /// <exception cref="CheckpointException">
    /// The file cannot be written, or the value holds objects that only Python knows.
    /// </exception>
    public static void WriteRoot(string path, StoredValue root) =>
        CheckpointFiles.Replace(path, stream => new TorchZipWriter(stream).Write(root));

    /// <summary>Releases the file; tensors that were not read yet can no longer be.</summary>
    public void Dispose() => _file.Dispose();

    private static Checkpoint Read(MappedFile file)
    {
        if (ZipDirectory.Matches(file))
        {
            var names = new HashSet<string>();
            return new(file, CheckpointFormat.TorchZip, TorchZipReader.Read(file, names)) { PickledNames = names };
        }

        if (TorchLegacyReader.Matches(file))
        {
            var names = new HashSet<string>();
            var root = TorchLegacyReader.Read(file, names);
            return new(file, CheckpointFormat.TorchLegacy, root) { PickledNames = names };
        }

        return SafetensorsHeader.Matches(file) ? ReadSafetensors(file) : throw Unknown(file);
    }

    private static Checkpoint ReadSafetensors(MappedFile file)
    {
        var header = SafetensorsHeader.Parse(file);
        var metadata = new StoredDictionary();
        foreach (var (key, value) in header.Metadata)
        {
            metadata[key] = value;
        }

        return new(file, CheckpointFormat.Safetensors, metadata) { _state = header.Tensors };
    }

    private static CheckpointException Unknown(MappedFile file)
    {
        var isTar = file.Length > 262 && file.Span(257, 5).SequenceEqual("ustar"u8);
        var what = file.Length == 0 ? "an empty file"
            : isTar ? "a tar archive (a packed folder: unpack it; or PyTorch 0.1: load and save it with a newer torch)"
            : "another format, or a file cut off near its start";
        return new($"{file.Path}: a checkpoint must be PyTorch's (zip or legacy) or safetensors, found {what}. "
            + "Check the path; if it is right, copy or download the file again.");
    }

    private StoredDictionary? Find(string key) =>
        Root is StoredDictionary root && root.TryGet(key, out var value) ? value as StoredDictionary : null;
}
