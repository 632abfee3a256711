using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>mdt_value of the header: an argument or a result of an operator.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal ValueTag Tag;
    internal long Payload;
    internal long Count;
}
