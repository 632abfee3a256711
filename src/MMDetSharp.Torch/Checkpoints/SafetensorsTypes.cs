using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The names of element types in safetensors headers.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, ScalarType> ByName = new()
    {
        ["BOOL"] = ScalarType.Bool,
        ["U8"] = ScalarType.UInt8,
        ["I8"] = ScalarType.Int8,
        ["I16"] = ScalarType.Int16,
        ["I32"] = ScalarType.Int32,
        ["I64"] = ScalarType.Int64,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["F32"] = ScalarType.Float32,
        ["F64"] = ScalarType.Float64,
    };

    private static readonly Dictionary<ScalarType, string> ByType =
        ByName.ToDictionary(entry => entry.Value, entry => entry.Key);

    /// <summary>All names, for messages.</summary>
    internal static string Names => string.Join(", ", ByName.Keys);

    /// <summary>The type of a name, or null.</summary>
    internal static ScalarType? Find(string name) => ByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>The name of a type.</summary>
    internal static string NameOf(ScalarType type) => ByType[type];
}
