using System.Buffers.Binary;
using System.Text;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Files of PyTorch's old format, byte by byte.</summary>
internal static class LegacyFile
{
    /// <summary>A state dictionary of one tensor <c>w</c> of floats in storage 7.</summary>
    /// <param name="elements">The elements that the file claims.</param>
    /// <param name="written">The elements that are there.</param>
    internal static byte[] Make(int elements, int written) =>
        [.. Around(TensorPickle(elements)), .. Count(elements), .. new byte[4 * written]];

    /// <summary>A file whose object is this pickle, without storages.</summary>
    internal static byte[] MakeObject(byte[] pickle) => [.. Before, .. pickle, 0x80, 2, (byte)']', (byte)'.'];

    /// <summary>The pickle of <c>{'w': tensor}</c>.</summary>
    internal static byte[] TensorPickle(int elements) =>
    [
        0x80, 2, .. "}X\x1\0\0\0w"u8, .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. "X\x7\0\0\0storage"u8,
        .. "ctorch\nFloatStorage\n"u8, .. "X\x1\0\0\07"u8, .. "X\x3\0\0\0cpu"u8,
        .. Encoding.ASCII.GetBytes($"I{elements}\n"),
        .. "tQK\0"u8, .. Encoding.ASCII.GetBytes($"I{elements}\n"), 0x85, .. "K\x1"u8, 0x85, 0x89, .. "NtRs."u8,
    ];

    // The magic number, the protocol 1001, and a machine that says nothing.
    private static byte[] Before =>
    [
        0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.', 0x80, 2, (byte)'}', (byte)'.',
    ];

    private static byte[] Around(byte[] pickle) => [.. Before, .. pickle, 0x80, 2, .. "](X\x1\0\0\07e."u8];

    private static byte[] Count(int elements)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, elements);
        return bytes;
    }
}
