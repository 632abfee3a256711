using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>PyTorch's names for element types.</summary>
internal static class TorchTypes
{
    private static readonly Dictionary<string, ScalarType> ByStorage = new()
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.UInt8,
        ["BoolStorage"] = ScalarType.Bool,
        ["UntypedStorage"] = ScalarType.UInt8,
        ["_UntypedStorage"] = ScalarType.UInt8,
    };

    private static readonly Dictionary<string, ScalarType> ByDType = new()
    {
        ["float32"] = ScalarType.Float32,
        ["float64"] = ScalarType.Float64,
        ["float16"] = ScalarType.Float16,
        ["bfloat16"] = ScalarType.BFloat16,
        ["int64"] = ScalarType.Int64,
        ["int32"] = ScalarType.Int32,
        ["int16"] = ScalarType.Int16,
        ["int8"] = ScalarType.Int8,
        ["uint8"] = ScalarType.UInt8,
        ["bool"] = ScalarType.Bool,
    };

    private static readonly Dictionary<ScalarType, string> StorageNames = ByStorage
        .Where(entry => !entry.Key.Contains("Untyped", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Value, entry => entry.Key);

    /// <summary>
    /// The type of <c>torch.FloatStorage</c>, <c>torch.cuda.FloatStorage</c> ...; null for a class that is none.
    /// </summary>
    internal static ScalarType? OfStorage(StoredValue value) =>
        value is StoredGlobal { Module: "torch" or "torch.cuda" or "torch.storage" } name
            && ByStorage.TryGetValue(name.Name, out var type) ? type : null;

    /// <summary>The type of <c>torch.float32</c> ...; null for a value that is none.</summary>
    internal static ScalarType? OfDType(StoredValue value) =>
        value is StoredGlobal { Module: "torch" } name && ByDType.TryGetValue(name.Name, out var type) ? type : null;

    /// <summary>The storage class of a type, in the module <c>torch</c>.</summary>
    internal static string StorageName(ScalarType type) => StorageNames[type];
}
