using System.Globalization;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Python's <c>[[fill]align][sign][#][0][width][,_][.precision][type]</c>.</summary>
internal sealed record FormatSpecification
{
    internal string Fill { get; init; } = " ";

    /// <summary>One of <c>&lt; &gt; ^ =</c>, or '\0' for the default of the type.</summary>
    internal char Align { get; init; }

    /// <summary>One of <c>+ -</c> and space.</summary>
    internal char Sign { get; init; } = '-';

    internal bool IsAlternate { get; init; }

    internal int Width { get; init; }

    /// <summary>',' or '_' between groups of three digits, or '\0'.</summary>
    internal char Group { get; init; }

    internal int? Precision { get; init; }

    /// <summary>The letter, or '\0'.</summary>
    internal char Type { get; init; }

    /// <summary>Reads the text after the colon.</summary>
    internal static FormatSpecification Parse(string text, ConfigOrigin at)
    {
        var rest = text.AsSpan();
        var result = ReadAlign(new FormatSpecification(), ref rest);
        var sign = Take(ref rest, "+- ");
        var isAlternate = Take(ref rest, "#") != '\0';
        if (Take(ref rest, "0") != '\0' && result.Align == '\0')
        {
            result = result with { Fill = "0", Align = '=' };
        }

        result = result with
        {
            Sign = sign == '\0' ? '-' : sign,
            IsAlternate = isAlternate,
            Width = Number(ref rest, at) ?? 0,
            Group = Take(ref rest, ",_"),
            Precision = Take(ref rest, ".") == '\0' ? null : Number(ref rest, at) ?? throw Bad(text, at),
            Type = Take(ref rest, "sdbcoxXneEfFgG%"),
        };
        return rest.IsEmpty ? result : throw Bad(text, at);
    }

    private static FormatSpecification ReadAlign(FormatSpecification result, ref ReadOnlySpan<char> rest)
    {
        if (rest.Length > 1 && rest[1] is '<' or '>' or '^' or '=')
        {
            result = result with { Fill = rest[..1].ToString(), Align = rest[1] };
            rest = rest[2..];
            return result;
        }

        return result with { Align = Take(ref rest, "<>^=") };
    }

    private static char Take(ref ReadOnlySpan<char> rest, string characters)
    {
        if (rest.IsEmpty || !characters.Contains(rest[0]))
        {
            return '\0';
        }

        var taken = rest[0];
        rest = rest[1..];
        return taken;
    }

    private static int? Number(ref ReadOnlySpan<char> rest, ConfigOrigin at)
    {
        var length = rest.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? rest.Length : length;
        if (length == 0)
        {
            return null;
        }

        if (length > 4)
        {
            throw ConfigException.AtColumn(at, "a width or precision has at most four digits. Use a smaller one.");
        }

        var number = int.Parse(rest[..length], CultureInfo.InvariantCulture);
        rest = rest[length..];
        return number;
    }

    private static ConfigException Bad(string text, ConfigOrigin at) => ConfigException.AtColumn(
        at, $"'{text}' is not a format. Write, for example, ':.2f', ':03d' or ':>10'.");
}
