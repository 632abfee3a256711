namespace MMDetSharp.Torch.Tensors;

/// <summary>The type of a tensor's elements, with the numbers that libtorch gives them.</summary>
public enum ScalarType : sbyte
{
    /// <summary>Unsigned 8-bit integer: image bytes.</summary>
    UInt8 = 0,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 1,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Signed 64-bit integer: indices and labels.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>IEEE single precision: the default.</summary>
    Float32 = 6,

    /// <summary>IEEE double precision.</summary>
    Float64 = 7,

    /// <summary>True or false, one byte each.</summary>
    Bool = 11,

    /// <summary>Brain floating point: the upper half of a <see cref="Float32"/>.</summary>
    BFloat16 = 15,
}
