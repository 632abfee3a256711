using System.Runtime.InteropServices;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The elements of a live tensor on the processor, one after the other.</summary>
internal sealed class LiveStorage : TensorStorage
{
    private readonly Tensor _tensor;
    private readonly int _elementSize;

    private LiveStorage(Tensor tensor)
    {
        _tensor = tensor;
        _elementSize = tensor.Type.ElementSize();
        ByteLength = tensor.ElementCount * _elementSize;
    }

    internal override long ByteLength { get; }

    /// <summary>The tensor itself where its elements lie so, else a copy.</summary>
    internal static LiveStorage Of(Tensor tensor)
    {
        var lies = tensor.Device == Device.Cpu && StoredLayout.IsContiguous(tensor.Shape, tensor.Strides);
        return new(lies ? tensor : tensor.Detach().To(Device.Cpu).Contiguous());
    }

    internal override ReadOnlySpan<byte> Span(long offset, int length) => Bytes().Slice(checked((int)offset), length);

    private ReadOnlySpan<byte> Bytes() => _elementSize switch
    {
        1 => _tensor.Elements<byte>(),
        2 => MemoryMarshal.AsBytes(_tensor.Elements<short>()),
        4 => MemoryMarshal.AsBytes(_tensor.Elements<int>()),
        _ => MemoryMarshal.AsBytes(_tensor.Elements<long>()),
    };
}
