using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>Whether operations of this thread are recorded for the backward pass. It does not follow an await.</summary>
public sealed class GradMode : IDisposable
{
    private readonly int _previous;

    private GradMode(bool enabled) =>
        Native.Check(Native.AutogradMode(enabled ? 1 : 0, out _previous), nameof(GradMode));

    /// <summary>Whether operations of this thread are recorded now.</summary>
    public static bool IsEnabled
    {
        get
        {
            Native.Check(Native.AutogradMode(1, out var enabled), nameof(GradMode));
            Native.Check(Native.AutogradMode(enabled, out _), nameof(GradMode));
            return enabled != 0;
        }
    }

    /// <summary>Nothing is recorded on this thread until the result is disposed.</summary>
    public static GradMode NoGrad() => new(enabled: false);

    /// <summary>Operations are recorded on this thread until the result is disposed.</summary>
    public static GradMode Grad() => new(enabled: true);

    /// <inheritdoc/>
    public void Dispose() => Native.Check(Native.AutogradMode(_previous, out _), nameof(GradMode));
}
