using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>One mdt_program of the header.</summary>
internal sealed class ProgramHandle : SafeHandle
{
    public ProgramHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeProgram.Free(handle);
        return true;
    }
}
