using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>One mdt_image of the header.</summary>
internal sealed class ImageHandle : SafeHandle
{
    public ImageHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeImage.Free(handle);
        return true;
    }
}
