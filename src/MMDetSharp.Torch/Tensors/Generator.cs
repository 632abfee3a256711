using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>A source of random numbers: equal seeds give equal numbers.</summary>
public sealed class Generator : IDisposable
{
    private nint _handle;

    /// <summary>Makes a source on the processor, or on another device.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="device">Where the numbers are made; the processor when left out.</param>
    public Generator(ulong seed, Device? device = null)
    {
        device ??= Device.Cpu;
        Native.Check(Native.GeneratorCreate(seed, (int)device.Type, device.Index, out _handle), "Generator");
    }

    /// <summary>Frees the native source when nobody did.</summary>
    ~Generator() => Native.GeneratorFree(_handle);

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Native.GeneratorFree(Interlocked.Exchange(ref _handle, 0));
        GC.SuppressFinalize(this);
    }
}
