using System.Runtime.InteropServices;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <content>Elements in managed memory, types, devices and gradients. Reading waits for the device.</content>
public sealed unsafe partial class Tensor
{
    private static readonly Operator s_item = new("aten::item");
    private static readonly Operator s_toType = new("aten::to", "dtype");
    private static readonly Operator s_toDevice = new("aten::to", "device");
    private static readonly Operator s_clone = new("aten::clone");
    private static readonly Operator s_detach = new("aten::detach");

    /// <summary>Whether operations on this tensor are recorded for the backward pass.</summary>
    public bool RequiresGrad
    {
        get
        {
            Native.Check(Native.AutogradRequires(Handle, out var required));
            return required != 0;
        }
        set => Native.Check(Native.AutogradSetRequires(Handle, value ? 1 : 0));
    }

    /// <summary>A new handle on the gradient that backward passes have added up; null when there is none.</summary>
    public Tensor? Grad
    {
        get
        {
            Native.Check(Native.AutogradGradient(Handle, out var gradient));
            return gradient == 0 ? null : new Tensor(gradient);
        }
    }

    /// <summary>Forgets or replaces the gradient.</summary>
    /// <param name="gradient">Of this tensor's shape; null forgets it.</param>
    public void SetGrad(Tensor? gradient) => Native.Check(Native.AutogradSetGradient(Handle, gradient?.Handle ?? 0));

    /// <summary>Adds the gradient of this scalar to every tensor that requires one and led to it.</summary>
    /// <exception cref="TorchException">This is no scalar, or nothing was recorded.</exception>
    public void Backward() => Native.Check(Native.AutogradBackward(Handle));

    /// <summary>The same elements, outside the recorded graph.</summary>
    public Tensor Detach() => s_detach.Call(this);

    /// <summary>A copy with memory of its own.</summary>
    public Tensor Clone() => s_clone.Call(this, Value.None);

    /// <summary>The elements as another type; this tensor's own when it has that type.</summary>
    public Tensor To(ScalarType type) => s_toType.Call(this, type, false, false, Value.None);

    /// <summary>The elements on another device; this tensor's own when they are there.</summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device != Device)
        {
            return s_toDevice.Call(this, device, Type, false, false, Value.None);
        }

        Native.Check(Native.TensorCloneHandle(Handle, out var same));
        return new Tensor(same);
    }

    /// <summary>The only element.</summary>
    /// <exception cref="TorchException">There is not exactly one element.</exception>
    public double Item() => s_item.CallNumber(this);

    /// <summary>The only element, an integer.</summary>
    /// <exception cref="TorchException">There is not exactly one element.</exception>
    public long ItemInt64()
    {
        var values = ToInt64Array();
        return values.Length == 1
            ? values[0]
            : throw new TorchException($"ItemInt64: must have one element, got {values.Length}. Reduce or index it.");
    }

    /// <summary>Copies the elements, converted to 32-bit floating point, row-major.</summary>
    public float[] ToArray() => Read<float>(ScalarType.Float32);

    /// <summary>Copies the elements, converted to 64-bit floating point, row-major.</summary>
    public double[] ToDoubleArray() => Read<double>(ScalarType.Float64);

    /// <summary>Copies the elements, converted to 64-bit integers (towards 0), row-major.</summary>
    public long[] ToInt64Array() => Read<long>(ScalarType.Int64);

    /// <summary>Copies the elements as truth values (not 0), row-major.</summary>
    public bool[] ToBoolArray() => Read<bool>(ScalarType.Bool);

    /// <summary>Copies the raw elements, row-major, in the machine's byte order.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ElementCount * Type.ElementSize()];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Copies the raw elements, row-major, in the machine's byte order.</summary>
    /// <param name="bytes">Exactly as long as the elements.</param>
    /// <exception cref="TorchException">The length differs.</exception>
    public void CopyTo(Span<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            Native.Check(Native.TensorToMemory(Handle, pointer, bytes.Length));
        }
    }

    /// <summary>The elements of a processor tensor without gaps, to read while the tensor lives.</summary>
    internal ReadOnlySpan<T> Elements<T>()
        where T : unmanaged
    {
        Native.Check(Native.TensorData(Handle, out var data));
        return new ReadOnlySpan<T>((void*)data, checked((int)ElementCount));
    }

    /// <summary>The elements of a processor tensor without gaps, to fill while the tensor lives.</summary>
    internal Span<T> WritableElements<T>()
        where T : unmanaged
    {
        Native.Check(Native.TensorData(Handle, out var data));
        return new Span<T>((void*)data, checked((int)ElementCount));
    }

    private T[] Read<T>(ScalarType type)
        where T : unmanaged
    {
        if (Type != type)
        {
            using var converted = To(type);
            return converted.Read<T>(type);
        }

        var values = new T[ElementCount];
        CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
