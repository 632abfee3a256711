using System.Text;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>One argument of an operator, before it crosses the border. Made by the implicit conversions.</summary>
internal readonly struct Value
{
    private readonly ValueTag _tag;
    private readonly long _number;
    private readonly object? _reference;

    private Value(ValueTag tag, long number, object? reference = null)
    {
        _tag = tag;
        _number = number;
        _reference = reference;
    }

    /// <summary>No value: an optional argument that is left out.</summary>
    internal static Value None => default;

    /// <summary>What must stay alive during the call.</summary>
    internal object? Reference => _reference;

    /// <summary>8-byte words of scratch memory that <see cref="Write"/> needs.</summary>
    internal int ScratchWords => _reference switch
    {
        long[] list => list.Length,
        double[] list => list.Length,
        Tensor?[] list => list.Length,
        string text => (Encoding.UTF8.GetByteCount(text) + 7) / 8,
        _ => 0,
    };

    public static implicit operator Value(Tensor? tensor) => tensor is null ? default : new(ValueTag.Tensor, 0, tensor);

    public static implicit operator Value(long number) => new(ValueTag.Int, number);

    public static implicit operator Value(int number) => new(ValueTag.Int, number);

    public static implicit operator Value(long? number) => number is { } value ? new(ValueTag.Int, value) : default;

    public static implicit operator Value(double number) =>
        new(ValueTag.Double, BitConverter.DoubleToInt64Bits(number));

    public static implicit operator Value(double? number) => number is { } value ? value : default(Value);

    public static implicit operator Value(bool flag) => new(ValueTag.Bool, flag ? 1 : 0);

    public static implicit operator Value(long[]? list) => list is null ? default : new(ValueTag.IntList, 0, list);

    public static implicit operator Value(double[]? list) => list is null ? default : new(ValueTag.DoubleList, 0, list);

    public static implicit operator Value(Tensor[] list) => new(ValueTag.TensorList, 0, list);

    public static implicit operator Value(string? text) => text is null ? default : new(ValueTag.String, 0, text);

    public static implicit operator Value(ScalarType type) => new(ValueTag.Int, (long)type);

    public static implicit operator Value(Device device) => new(ValueTag.Device, (long)device.Type, device);

    public static implicit operator Value(Generator? generator) =>
        generator is null ? default : new(ValueTag.Generator, 0, generator);

    /// <summary>A number that keeps the element type of integer tensors when it is whole: labels + 1 are integers.</summary>
    internal static Value Number(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (Value)(long)number : (Value)number;

    /// <summary>As <see cref="Number(double)"/>, or no value.</summary>
    internal static Value Number(double? number) => number is { } value ? Number(value) : default;

    /// <summary>Tensors of an index; null stands for "all of this dimension".</summary>
    internal static Value OptionalTensors(Tensor?[] list) => new(ValueTag.OptionalTensorList, 0, list);

    /// <summary>Writes the value for the native side; lists and text go to <paramref name="scratch"/>.</summary>
    internal unsafe void Write(NativeValue* target, long* scratch)
    {
        *target = new NativeValue { Tag = _tag, Payload = _number };
        switch (_reference)
        {
            case null:
                break;
            case Tensor tensor:
                target->Payload = tensor.Handle;
                break;
            case Generator generator:
                target->Payload = generator.Handle;
                break;
            case Device device:
                target->Count = device.Index;
                break;
            default:
                target->Payload = (nint)scratch;
                target->Count = WriteList(_reference, scratch);
                break;
        }
    }

    private static unsafe int WriteList(object list, long* scratch)
    {
        switch (list)
        {
            case long[] numbers:
                numbers.CopyTo(new Span<long>(scratch, numbers.Length));
                return numbers.Length;
            case double[] numbers:
                numbers.CopyTo(new Span<double>(scratch, numbers.Length));
                return numbers.Length;
            case Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++)
                {
                    scratch[i] = tensors[i]?.Handle ?? 0;
                }

                return tensors.Length;
            default:
                var text = (string)list;
                return Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, Encoding.UTF8.GetByteCount(text)));
        }
    }
}
