using System.Globalization;
using System.Text;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The texts of protocol 0: Python literals and raw unicode escapes.</summary>
internal static class PickleText
{
    /// <summary>The value of a quoted literal of Python 2 such as <c>'it\'s'</c>.</summary>
    internal static StoredValue Quoted(PickleSource source, string line)
    {
        if (line.Length < 2 || line[0] != line[^1] || line[0] is not ('\'' or '"'))
        {
            throw source.Fail("a text must stand in quotes");
        }

        return PickleSource.OldString(Unescape(line.AsSpan(1, line.Length - 2)));
    }

    /// <summary>A line in which <c>\uXXXX</c> and <c>\UXXXXXXXX</c> stand for characters.</summary>
    internal static string RawUnicode(string line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && CodePoint(line, i, out var length) is { } character)
            {
                text.Append(character);
                i += length - 1;
                continue;
            }

            text.Append(line[i]);
        }

        return text.ToString();
    }

    private static string? CodePoint(string line, int start, out int length)
    {
        length = start + 1 < line.Length ? line[start + 1] switch { 'u' => 6, 'U' => 10, _ => 0 } : 0;
        if (length == 0 || start + length > line.Length || !TryHex(line.AsSpan(start + 2, length - 2), out var code))
        {
            return null;
        }

        return code <= char.MaxValue ? ((char)code).ToString() : Rune.IsValid(code) ? new Rune(code).ToString() : null;
    }

    private static byte[] Unescape(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i += Escape(text[(i + 1)..], bytes);
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            i += length - 1;
        }

        return [.. bytes];
    }

    // Appends what the escape stands for, and tells how many characters it took after the backslash.
    private static int Escape(ReadOnlySpan<char> text, List<byte> bytes)
    {
        if (text[0] == 'x' && text.Length >= 3 && TryHex(text[1..3], out var code))
        {
            bytes.Add((byte)code);
            return 3;
        }

        var place = "nrt\\'\"0".IndexOf(text[0], StringComparison.Ordinal);
        if (place >= 0)
        {
            bytes.Add("\n\r\t\\'\"\0"u8[place]);
            return 1;
        }

        bytes.Add((byte)'\\');
        return 0;
    }

    private static bool TryHex(ReadOnlySpan<char> text, out int code) =>
        int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
}
