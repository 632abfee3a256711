using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <content>New tensors.</content>
public sealed unsafe partial class Tensor
{
    private static readonly Operator s_empty = new("aten::empty", "memory_format");
    private static readonly Operator s_zeros = new("aten::zeros");
    private static readonly Operator s_full = new("aten::full");
    private static readonly Operator s_arange = new("aten::arange", "start_step");
    private static readonly Operator s_zerosLike = new("aten::zeros_like");
    private static readonly Operator s_fullLike = new("aten::full_like");
    private static readonly Operator s_emptyLike = new("aten::empty_like");
    private static readonly Operator s_cat = new("aten::cat");
    private static readonly Operator s_stack = new("aten::stack");
    private static readonly Operator s_where = new("aten::where", "self");

    /// <summary>Copies row-major values into a new tensor on the processor; a constant of a network that is recorded.</summary>
    /// <exception cref="ArgumentException">The count of values is not the product of the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.Float32, shape);

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor From(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.Float64, shape);

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor From(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.Int64, shape);

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor From(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.Int32, shape);

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor From(ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.UInt8, shape);

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor From(ReadOnlySpan<bool> values, params ReadOnlySpan<long> shape) =>
        FromValues(values, ScalarType.Bool, shape);

    /// <summary>A scalar (rank 0) of 32-bit floating point on the processor.</summary>
    public static Tensor Scalar(double value) => Full([], value);

    /// <summary>Copies raw row-major elements into a new tensor on the processor.</summary>
    /// <param name="data">The elements' bytes in the machine's order.</param>
    /// <param name="type">Their type.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="TorchException">The count of bytes does not fit the shape.</exception>
    public static Tensor FromBytes(ReadOnlySpan<byte> data, ScalarType type, ReadOnlySpan<long> shape)
    {
        fixed (byte* pointer = data)
        fixed (long* sizes = shape)
        {
            Native.Check(Native.TensorFromMemory(pointer, data.Length, (int)type, sizes, shape.Length, out var result));
            return new Tensor(result);
        }
    }

    /// <summary>A tensor whose elements are not set.</summary>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_empty.Call(shape, type, Value.None, device ?? Device.Cpu, Value.None, Value.None);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_zeros.Call(shape, type, Value.None, device ?? Device.Cpu, Value.None);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        Full(shape, 1, type, device);

    /// <summary>A tensor of one number.</summary>
    public static Tensor Full(
        long[] shape, double value, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_full.Call(shape, value, type, Value.None, device ?? Device.Cpu, Value.None);

    /// <summary>start, start + step, ... below end.</summary>
    /// <returns>(N) numbers.</returns>
    public static Tensor Arange(
        double start, double end, double step = 1, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_arange.Call(start, end, step, type, Value.None, device ?? Device.Cpu, Value.None);

    /// <summary>Zeros with the shape, type and device of another tensor.</summary>
    public static Tensor ZerosLike(Tensor tensor) =>
        s_zerosLike.Call(tensor, Value.None, Value.None, Value.None, Value.None, Value.None);

    /// <summary>Ones with the shape, type and device of another tensor.</summary>
    public static Tensor OnesLike(Tensor tensor) => FullLike(tensor, 1);

    /// <summary>One number with the shape, type and device of another tensor.</summary>
    public static Tensor FullLike(Tensor tensor, double value) =>
        s_fullLike.Call(tensor, value, Value.None, Value.None, Value.None, Value.None, Value.None);

    /// <summary>Elements that are not set, with the shape, type and device of another tensor.</summary>
    public static Tensor EmptyLike(Tensor tensor) =>
        s_emptyLike.Call(tensor, Value.None, Value.None, Value.None, Value.None, Value.None);

    /// <summary>Joins tensors along a dimension that they have.</summary>
    public static Tensor Cat(int dim, params Tensor[] tensors) => s_cat.Call(tensors, dim);

    /// <summary>Joins tensors of one shape along a new dimension.</summary>
    public static Tensor Stack(int dim, params Tensor[] tensors) => s_stack.Call(tensors, dim);

    /// <summary>Elements of one tensor where the condition is true, of the other one elsewhere; with broadcasting.</summary>
    public static Tensor Where(Tensor condition, Tensor whenTrue, Tensor whenFalse) =>
        s_where.Call(condition, whenTrue, whenFalse);

    /// <summary>A tensor over memory that it does not own.</summary>
    /// <param name="data">The first element; must stay valid until <paramref name="release"/> is called.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="shape">The sizes, row-major.</param>
    /// <param name="release">Called once with <paramref name="context"/> when the last view is gone, on any thread.</param>
    /// <param name="context">For <paramref name="release"/>.</param>
    internal static Tensor Over(
        nint data, ScalarType type, ReadOnlySpan<long> shape, delegate* unmanaged<nint, void> release, nint context)
    {
        fixed (long* sizes = shape)
        {
            Native.Check(
                Native.TensorOverMemory((void*)data, (int)type, sizes, shape.Length, release, context, out var result));
            return new Tensor(result);
        }
    }

    private static Tensor FromValues<T>(ReadOnlySpan<T> values, ScalarType type, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }

        if (values.Length != count)
        {
            throw new ArgumentException(
                $"Tensor.From: the shape ({string.Join(", ", shape.ToArray())}) needs {count} values, got " +
                $"{values.Length}. Pass one value per element, last dimension fastest.", nameof(values));
        }

        return FromBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), type, shape);
    }
}
