namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Walks through the words of a file.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _at;

    internal Token Peek => tokens[_at];

    internal Token PeekNext => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    internal ConfigOrigin Origin => Peek.Origin;

    internal Token Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    internal bool Is(string text) => Peek.Is(text);

    internal bool Is(TokenKind kind) => Peek.Kind == kind;

    internal bool TakeIf(string text)
    {
        if (!Is(text))
        {
            return false;
        }

        Take();
        return true;
    }

    internal bool TakeIf(TokenKind kind)
    {
        if (!Is(kind))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Takes the word, or fails with what stands there instead.</summary>
    internal Token Expect(string text, string advice) =>
        Is(text) ? Take() : throw Fail($"'{text}' must stand here, found {Peek.Describe()}. {advice}");

    internal Token Expect(TokenKind kind, string what, string advice) =>
        Is(kind) ? Take() : throw Fail($"{what} must stand here, found {Peek.Describe()}. {advice}");

    internal ConfigException Fail(string message) => ConfigException.AtColumn(Origin, message);
}
