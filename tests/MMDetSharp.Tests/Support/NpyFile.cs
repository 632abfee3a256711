using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MMDetSharp.Tests.Support;

/// <summary>Reads NumPy's <c>.npy</c> files of 32-bit floats in C order.</summary>
internal static partial class NpyFile
{
    /// <summary>Values and shape.</summary>
    internal static (float[] Values, long[] Shape) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = bytes[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8))
            : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        var start = bytes[6] == 1 ? 10 : 12;
        var header = Encoding.ASCII.GetString(bytes, start, length);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || header.Contains("True", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{path}: must hold '<f4' in C order, its header is {header}.");
        }

        long[] shape =
        [
            .. Shape().Match(header).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)
                .Where(size => size.Length > 0).Select(size => long.Parse(size, CultureInfo.InvariantCulture)),
        ];
        return (MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start + length)).ToArray(), shape);
    }

    [GeneratedRegex(@"\(([^)]*)\)")]
    private static partial Regex Shape();
}
