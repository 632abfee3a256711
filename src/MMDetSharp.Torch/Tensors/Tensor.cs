using System.Collections.Concurrent;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>
/// A libtorch tensor. The current <see cref="TensorScope"/> frees it, or its owner disposes it; the garbage collector
/// is only a net, since it does not see native memory.
/// </summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private const int MaxRank = 16;
    private static readonly ConcurrentQueue<nint> s_orphans = new();
    private static int s_liveCount;
    private nint _handle;

    internal Tensor(nint handle)
    {
        _handle = handle;
        Interlocked.Increment(ref s_liveCount);
        TensorScope.Add(this);
        FreeOrphans();
    }

    /// <summary>Queues the native tensor: native memory is never freed on the finalizer's thread.</summary>
    ~Tensor()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle && handle != 0)
        {
            s_orphans.Enqueue(handle);
        }
    }

    /// <summary>Tensors that exist now on all threads; a test compares it before and after.</summary>
    public static int LiveCount => Volatile.Read(ref s_liveCount);

    /// <summary>The size of each dimension, outermost first.</summary>
    public long[] Shape
    {
        get
        {
            var sizes = stackalloc long[MaxRank];
            Native.Check(Native.TensorShape(Handle, sizes, MaxRank, out var rank));
            return new ReadOnlySpan<long>(sizes, rank).ToArray();
        }
    }

    /// <summary>Elements to step for the next index of each dimension.</summary>
    public long[] Strides
    {
        get
        {
            var strides = stackalloc long[MaxRank];
            Native.Check(Native.TensorStrides(Handle, strides, MaxRank, out var rank));
            return new ReadOnlySpan<long>(strides, rank).ToArray();
        }
    }

    /// <summary>The number of dimensions; 0 for a scalar.</summary>
    public int Rank
    {
        get
        {
            var sizes = stackalloc long[MaxRank];
            Native.Check(Native.TensorShape(Handle, sizes, MaxRank, out var rank));
            return rank;
        }
    }

    /// <summary>The product of the sizes.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var size in Shape)
            {
                count *= size;
            }

            return count;
        }
    }

    /// <summary>The type of the elements.</summary>
    public ScalarType Type
    {
        get
        {
            Native.Check(Native.TensorType(Handle, out var type));
            return (ScalarType)type;
        }
    }

    /// <summary>The device of the elements.</summary>
    public Device Device
    {
        get
        {
            Native.Check(Native.TensorDevice(Handle, out var type, out var index));
            return type == (int)DeviceType.Cpu ? Device.Cpu : new Device((DeviceType)type, index);
        }
    }

    internal TensorScope? Scope { get; set; }

    internal int ScopeSlot { get; set; }

    /// <summary>The native tensor, borrowed.</summary>
    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>The size of one dimension.</summary>
    /// <param name="dim">From 0, or from -1 for the last one.</param>
    public long Size(int dim)
    {
        var sizes = stackalloc long[MaxRank];
        Native.Check(Native.TensorShape(Handle, sizes, MaxRank, out var rank));
        var index = dim < 0 ? dim + rank : dim;
        return index >= 0 && index < rank
            ? sizes[index]
            : throw new ArgumentOutOfRangeException(
                nameof(dim), dim, $"Size: the tensor has {rank} dimensions. Name one of them.");
    }

    /// <summary>Takes the tensor out of every scope: whoever holds it frees it.</summary>
    /// <returns>This tensor.</returns>
    public Tensor DetachFromScope()
    {
        TensorScope.Release(this);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        TensorScope.Release(this);
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Native.TensorFree(handle);
            Interlocked.Decrement(ref s_liveCount);
            GC.SuppressFinalize(this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        _handle == 0 ? "Tensor (disposed)" : $"Tensor ({string.Join(", ", Shape)}) {Type} {Device}";

    /// <summary>Takes over another tensor's elements; whether gradients are required stays.</summary>
    internal void ReplaceBy(Tensor other)
    {
        var required = RequiresGrad;
        Native.Check(Native.TensorCloneHandle(other.Handle, out var handle));
        Native.TensorFree(Interlocked.Exchange(ref _handle, handle));
        RequiresGrad = required;
    }

    /// <summary>Frees what finalizers queued.</summary>
    internal static void FreeOrphans()
    {
        while (s_orphans.TryDequeue(out var handle))
        {
            Native.TensorFree(handle);
            Interlocked.Decrement(ref s_liveCount);
        }
    }
}
