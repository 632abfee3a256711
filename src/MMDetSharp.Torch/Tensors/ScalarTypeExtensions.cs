namespace MMDetSharp.Torch.Tensors;

/// <summary>Facts about element types.</summary>
public static class ScalarTypeExtensions
{
    /// <summary>Bytes of one element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the named types.</exception>
    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.UInt8 or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"ElementSize: {type} is not an element type."),
    };

    /// <summary>Whether the type holds floating-point numbers.</summary>
    public static bool IsFloatingPoint(this ScalarType type) => type
        is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
}
