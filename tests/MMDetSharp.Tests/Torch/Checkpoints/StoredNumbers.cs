using System.Runtime.InteropServices;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Stored tensors from numbers and back, without native code.</summary>
internal static class StoredNumbers
{
    /// <summary>A tensor of 32-bit floating point.</summary>
    internal static StoredTensor Floats(float[] values, params long[] shape) =>
        StoredTensor.FromBytes(MemoryMarshal.AsBytes(values.AsSpan()), ScalarType.Float32, shape);

    /// <summary>The elements, row-major, as numbers.</summary>
    internal static double[] Of(StoredTensor tensor)
    {
        var bytes = tensor.ToBytes();
        return tensor.Type switch
        {
            ScalarType.Float32 => Cast<float>(bytes, value => value),
            ScalarType.Float64 => Cast<double>(bytes, value => value),
            ScalarType.Float16 => Cast<Half>(bytes, value => (double)value),
            ScalarType.BFloat16 => Cast<short>(bytes, value => BitConverter.Int32BitsToSingle(value << 16)),
            ScalarType.Int64 => Cast<long>(bytes, value => value),
            ScalarType.Int32 => Cast<int>(bytes, value => value),
            ScalarType.Int16 => Cast<short>(bytes, value => value),
            ScalarType.Int8 => Cast<sbyte>(bytes, value => value),
            _ => Cast<byte>(bytes, value => value),
        };
    }

    private static double[] Cast<T>(byte[] bytes, Converter<T, double> convert)
        where T : unmanaged => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(bytes).ToArray(), convert);
}
