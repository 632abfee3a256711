namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>What a <see cref="Token"/> is.</summary>
internal enum TokenKind
{
    Name,
    Keyword,
    Number,
    String,
    FormatString,
    Operator,

    /// <summary><c>{{ _base_.a.b }}</c>; the text is <c>a.b</c>.</summary>
    BaseReference,
    NewLine,
    Indent,
    Dedent,
    End,
}

/// <summary>One word of a config file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word; of a string, its value; of a format string, its body with escapes as written.</param>
/// <param name="Origin">Where it begins.</param>
internal sealed record Token(TokenKind Kind, string Text, ConfigOrigin Origin)
{
    /// <summary>Of a number: a <see cref="long"/> or <see cref="double"/>.</summary>
    internal object? Number { get; init; }

    /// <summary>Of a format string: whether it has the prefix r, so that escapes stay as written.</summary>
    internal bool IsRaw { get; init; }

    /// <summary>Whether this is the operator or keyword.</summary>
    internal bool Is(string text) =>
        Kind is TokenKind.Operator or TokenKind.Keyword && string.Equals(Text, text, StringComparison.Ordinal);

    /// <summary>The word as messages show it.</summary>
    internal string Describe() => Kind switch
    {
        TokenKind.NewLine => "the end of the line",
        TokenKind.Indent => "an indented line",
        TokenKind.Dedent => "the end of the block",
        TokenKind.End => "the end of the file",
        TokenKind.String or TokenKind.FormatString => "a string",
        TokenKind.BaseReference => "{{_base_." + Text + "}}",
        _ => $"'{Text}'",
    };
}
