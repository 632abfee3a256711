using System.Text;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Python's strings: quotes of both kinds, triple quotes, the prefixes r, u and f, escapes.</summary>
internal static class StringLiteral
{
    /// <summary>Whether a name before a quote is a prefix of the string.</summary>
    internal static bool IsPrefix(string name) => name.Length <= 2 && name.ToLowerInvariant()
        is "r" or "u" or "f" or "b" or "rf" or "fr" or "rb" or "br";

    /// <summary>Reads the string whose prefix begins at a position.</summary>
    internal static (Token Token, int End) Read(SourceFile file, int start, string prefix, ConfigOrigin origin)
    {
        var flags = prefix.ToLowerInvariant();
        if (flags.Contains('b'))
        {
            throw ConfigException.AtColumn(origin, "bytes have no place in a config. Remove the b before the quotes.");
        }

        var text = file.Text;
        var open = start + prefix.Length;
        var isTriple = string.CompareOrdinal(text, open, new string(text[open], 3), 0, 3) == 0;
        var bodyStart = open + (isTriple ? 3 : 1);
        var bodyEnd = FindEnd(text, bodyStart, text[open], isTriple, origin);
        var isFormat = flags.Contains('f');
        var isRaw = flags.Contains('r');
        var body = Substitute(file, text[bodyStart..bodyEnd], flags, origin);
        body = file.IsJson ? PythonEscapes(body) : body;
        var token = isFormat
            ? new Token(TokenKind.FormatString, body, origin) { IsRaw = isRaw }
            : new Token(TokenKind.String, isRaw ? body : Unescape(body, origin), origin);
        return (token, bodyEnd + (isTriple ? 3 : 1));
    }

    /// <summary>Replaces the escapes of a string's body.</summary>
    internal static string Unescape(string body, ConfigOrigin origin)
    {
        if (!body.Contains('\\'))
        {
            return body;
        }

        var result = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                result.Append(body[i++]);
                continue;
            }

            i += AppendEscape(result, body, i, origin);
        }

        return result.ToString();
    }

    /// <summary>JSON also escapes the slash.</summary>
    private static string PythonEscapes(string json) => json.Replace("\\\\", "\\u005c").Replace("\\/", "/");

    private static int FindEnd(string text, int at, char quote, bool isTriple, ConfigOrigin origin)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == '\n' && !isTriple)
            {
                break;
            }
            else if (text[at] == quote &&
                (!isTriple || string.CompareOrdinal(text, at, new string(quote, 3), 0, 3) == 0))
            {
                return at;
            }
        }

        throw ConfigException.AtColumn(
            origin, $"the string is not closed. Add {(isTriple ? new string(quote, 3) : quote)} at its end.");
    }

    /// <summary>Puts the values of <c>{{ fileDirname }}</c> and its like into a body.</summary>
    private static string Substitute(SourceFile file, string body, string flags, ConfigOrigin origin)
    {
        var at = body.IndexOf("{{", StringComparison.Ordinal);
        if (at < 0)
        {
            return body;
        }

        var result = new StringBuilder();
        var copied = 0;
        for (; at >= 0; at = body.IndexOf("{{", at, StringComparison.Ordinal))
        {
            if (!TryTemplate(file, body, at, origin, out var value, out var end))
            {
                at++;
                continue;
            }

            value = flags.Contains('r') ? value : value.Replace("\\", "\\\\");
            result.Append(body, copied, at - copied)
                .Append(flags.Contains('f') ? value.Replace("{", "{{").Replace("}", "}}") : value);
            copied = at = end;
        }

        return result.Append(body, copied, body.Length - copied).ToString();
    }

    private static bool TryTemplate(
        SourceFile file, string body, int at, ConfigOrigin origin, out string value, out int end)
    {
        value = "";
        if (!TemplateReference.TryRead(body, at, out var name, out end))
        {
            return false;
        }

        if (name.StartsWith("_base_.", StringComparison.Ordinal))
        {
            throw ConfigException.AtColumn(
                origin, $"{{{{{name}}}}} must stand without quotes: it is replaced by the value, not by text.");
        }

        value = file.Template(name) ?? "";
        return file.Template(name) is not null;
    }

    /// <summary>Appends what the escape at a position means; returns how many characters it has.</summary>
    private static int AppendEscape(StringBuilder result, string body, int at, ConfigOrigin origin)
    {
        if (at + 1 >= body.Length)
        {
            result.Append('\\');
            return 1;
        }

        var code = body[at + 1];
        if (Simple(code) is { } text)
        {
            result.Append(text);
            return 2;
        }

        if (code is >= '0' and <= '7')
        {
            return AppendOctal(result, body, at + 1);
        }

        var digits = code switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            AppendHexadecimal(result, body, at + 2, digits, origin);
            return digits + 2;
        }

        if (code == 'N')
        {
            throw ConfigException.AtColumn(origin, "\\N{...} is not known in a config. Write the character itself.");
        }

        result.Append('\\').Append(code);
        return 2;
    }

    private static string? Simple(char code)
    {
        const string Codes = "\n\\'\"abfnrtv";
        const string Values = "\0\\'\"\a\b\f\n\r\t\v";
        var index = Codes.IndexOf(code);
        return index < 0 ? null : index == 0 ? "" : Values[index].ToString();
    }

    private static int AppendOctal(StringBuilder result, string body, int at)
    {
        var (value, length) = (0, 0);
        while (length < 3 && at + length < body.Length && body[at + length] is >= '0' and <= '7')
        {
            value = (value * 8) + (body[at + length] - '0');
            length++;
        }

        result.Append((char)value);
        return length + 1;
    }

    private static void AppendHexadecimal(StringBuilder result, string body, int at, int digits, ConfigOrigin origin)
    {
        var value = 0L;
        for (var i = at; i < at + digits; i++)
        {
            if (i >= body.Length || !char.IsAsciiHexDigit(body[i]))
            {
                throw ConfigException.AtColumn(
                    origin, $"the escape \\{body[at - 1]} needs {digits} hexadecimal digits. Double the '\\'.");
            }

            value = (value * 16) + Convert.ToInt32(body[i].ToString(), 16);
        }

        if (value > 0x10ffff)
        {
            throw ConfigException.AtColumn(origin, $"\\{body.AsSpan(at - 1, digits + 1)} is no character of Unicode.");
        }

        result.Append(value < 0x10000 ? ((char)value).ToString() : char.ConvertFromUtf32((int)value));
    }
}
