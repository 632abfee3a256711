using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MMDetSharp.Tests.Support;

/// <summary>An array of 32-bit floats that numpy wrote (<c>.npy</c>, row-major).</summary>
internal sealed partial record NumpyFile(float[] Values, long[] Shape)
{
    /// <summary>Reads a file below <see cref="RepositoryFolder.Shared"/>.</summary>
    internal static NumpyFile Read(string path)
    {
        var bytes = File.ReadAllBytes(Path.Combine(RepositoryFolder.Shared, path));
        var length = BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.Latin1.GetString(bytes, 10, length);
        Assert.Contains("'<f4'", header, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        var shape = ShapeText().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(long.Parse);
        return new(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + length)).ToArray(), [.. shape]);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapeText();
}
