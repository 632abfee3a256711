using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>
/// A <c>.pt</c> file of YOLOv5, v3.0 to v7.0: a pickled Python model. Nothing of it is run; what the file says of the
/// model is read: rows, anchors, class names and tensors.
/// </summary>
internal sealed class YoloV5File : IDisposable
{
    private const int MaximumDepth = 64;
    private readonly Checkpoint _checkpoint;
    private readonly StoredObject _model;

    private YoloV5File(Checkpoint checkpoint, StoredObject model)
    {
        (_checkpoint, _model) = (checkpoint, model);
        Yaml = model.Attribute("yaml") as StoredDictionary ?? throw Unreadable("its model has no yaml dictionary");
        Detect = Last() ?? throw Unreadable("its model does not end in a module Detect with anchors");
    }

    /// <summary>The path that was read.</summary>
    internal string FileName => _checkpoint.FileName;

    /// <summary>The rows and factors that the model was built from.</summary>
    internal StoredDictionary Yaml { get; }

    /// <summary>The number of classes.</summary>
    internal int ClassCount => (int)Yaml["nc"].AsInt64();

    /// <summary>The module <c>Detect</c>, which comes last: anchors, strides and output convolutions.</summary>
    internal StoredObject Detect { get; }

    /// <summary>Names of the classes; null where the file has none for each.</summary>
    internal IReadOnlyList<string>? Names => _model.Attribute("names") switch
    {
        StoredList list when list.Count == ClassCount => [.. list.Select(name => name.AsString())],
        StoredDictionary map when map.Count == ClassCount => ByNumber(map),
        _ => null,
    };

    /// <summary>The plain numbers and texts of the training's hyper-parameters; null where the file has none.</summary>
    internal StoredDictionary? HyperParameters
    {
        get
        {
            var plain = new StoredDictionary();
            foreach (var (name, value) in _model.Attribute("hyp") as StoredDictionary ?? [])
            {
                if (value is StoredScalar)
                {
                    plain.Set(name, value);
                }
            }

            return plain.Count > 0 ? plain : null;
        }
    }

    /// <summary>The tensors by the names of YOLOv5, as the file has them: of 16 bits after its training.</summary>
    internal OrderedDictionary<string, StoredTensor> State => _checkpoint.State;

    /// <summary>Opens a <c>.pt</c> file of YOLOv5's train.py without running any code in it.</summary>
    /// <exception cref="CheckpointException">It is damaged, no model of YOLOv5, or names what could do
    /// harm.</exception>
    internal static YoloV5File Open(string path)
    {
        var checkpoint = Checkpoint.Read(path);
        try
        {
            PickleDangers.Refuse(checkpoint);
            return new(checkpoint, FindModel(checkpoint) ?? throw new CheckpointException(
                $"{path}: must hold a model of YOLOv5 (v3.0 to v7.0), found {checkpoint.Root}. Give the .pt file " +
                "that its " +
                "train.py wrote; to use plain weights, give their config first."));
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file holds a pickled model rather than plain tensors.</summary>
    internal static bool Matches(Checkpoint checkpoint) => FindModel(checkpoint) is not null;

    /// <summary>The module of a name that stands first in the model, such as the first activation.</summary>
    /// <param name="name">The attribute of the module around it: <c>act</c>.</param>
    /// <param name="owner">The class of the module around it; null for any but <c>BottleneckCSP</c>.</param>
    internal StoredObject? First(string name, string? owner = null) => First(_model, name, owner, MaximumDepth);

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    /// <summary>The children of a pickled module.</summary>
    internal static StoredDictionary Modules(StoredObject module) =>
        module.Attribute("_modules") as StoredDictionary ?? [];

    // As attempt_load: the averaged weights where there are any. AutoShape and DataParallel put the model deeper.
    private static StoredObject? FindModel(Checkpoint checkpoint)
    {
        var found = checkpoint.Root as StoredObject ?? (checkpoint.Root is StoredDictionary root
            ? Entry(root, "ema") ?? Entry(root, "model")
            : null);
        for (var depth = 0; found is not null && depth < MaximumDepth; depth++)
        {
            if (found.Attribute("yaml") is not null || found.Module.StartsWith("models.yolo", StringComparison.Ordinal))
            {
                return found;
            }

            found = Entry(Modules(found), "module") ?? Entry(Modules(found), "model");
        }

        return null;
    }

    private static StoredObject? Entry(StoredDictionary dictionary, string key) =>
        dictionary.TryGet(key, out var value) ? value as StoredObject : null;

    private StoredObject? Last()
    {
        var rows = Entry(Modules(_model), "model") is { } sequence ? Modules(sequence) : [];
        var last = rows.Select(entry => entry.Value).LastOrDefault() as StoredObject;
        return last is { Name: "Detect" } && Buffer(last, "anchors") is not null ? last : null;
    }

    /// <summary>A buffer of a pickled module; null where there is none.</summary>
    internal static StoredTensor? Buffer(StoredObject module, string name) =>
        module.Attribute("_buffers") is StoredDictionary buffers && buffers.TryGet(name, out var tensor)
            ? tensor as StoredTensor
            : null;

    private static string[]? ByNumber(StoredDictionary map)
    {
        var names = Enumerable.Range(0, map.Count).Select(i => map.TryGet(i, out var name) ? name : null).ToArray();
        return Array.TrueForAll(names, name => name is not null) ? [.. names.Select(name => name!.AsString())] : null;
    }

    private static StoredObject? First(StoredObject module, string name, string? owner, int depth)
    {
        if (depth == 0)
        {
            return null;
        }

        var children = Modules(module);
        var isOwner = owner is null ? module.Name != "BottleneckCSP" : module.Name == owner;
        return isOwner && Entry(children, name) is { Name: not "Identity" } found ? found : children
            .Select(child => child.Value is StoredObject inner ? First(inner, name, owner, depth - 1) : null)
            .FirstOrDefault(inner => inner is not null);
    }

    private CheckpointException Unreadable(string what) => new(
        $"{FileName}: must hold a detection model of YOLOv5 (v3.0 to v7.0), {what} ({_model}). Models that " +
        "segment or " +
        "classify, and those of other versions, are not read.");
}
