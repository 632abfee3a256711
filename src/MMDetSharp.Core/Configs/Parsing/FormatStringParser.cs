using System.Text;
using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Parses the body of an f-string: text, and expressions in braces.</summary>
internal sealed class FormatStringParser
{
    private readonly Token _token;
    private readonly SourceFile _file;
    private readonly string _body;
    private int _at;

    private FormatStringParser(Token token, SourceFile file)
    {
        _token = token;
        _file = file;
        _body = token.Text;
    }

    internal static FormatStringExpression Parse(Token token, SourceFile file) =>
        new FormatStringParser(token, file).ParseParts(isSpecification: false);

    private FormatStringExpression ParseParts(bool isSpecification)
    {
        var parts = new List<FormatPart>();
        var text = new StringBuilder();
        while (_at < _body.Length && !(isSpecification && _body[_at] == '}'))
        {
            var character = _body[_at];
            if (character is '{' or '}' && _at + 1 < _body.Length && _body[_at + 1] == character && !isSpecification)
            {
                text.Append(character);
                _at += 2;
            }
            else if (character is '{' or '}')
            {
                Flush(text, parts);
                ParseValue(parts);
            }
            else
            {
                text.Append(character);
                _at++;
            }
        }

        Flush(text, parts);
        return new FormatStringExpression(parts, _token.Origin);
    }

    private void Flush(StringBuilder text, List<FormatPart> parts)
    {
        if (text.Length > 0)
        {
            var plain = _token.IsRaw ? text.ToString() : StringLiteral.Unescape(text.ToString(), _token.Origin);
            parts.Add(new FormatPart(plain, null, '\0', null));
            text.Clear();
        }
    }

    private void ParseValue(List<FormatPart> parts)
    {
        var end = _body[_at] == '{' ? EndOfExpression(_at + 1) : -1;
        if (end < 0)
        {
            throw Fail("every '{' of an f-string needs its '}'. Double them to mean the characters themselves.");
        }

        var source = _body[(_at + 1)..end];
        var shown = ShownText(source);
        if (shown is not null)
        {
            parts.Add(new FormatPart(source, null, '\0', null));
        }

        var value = ParseExpression(shown ?? source);
        _at = end;
        var conversion = _body[_at] == '!' ? ReadConversion() : '\0';
        var format = _at < _body.Length && _body[_at] == ':' ? ReadSpecification() : null;
        Close();
        conversion = shown is null || format is not null ? conversion : Shown(conversion);
        parts.Add(new FormatPart("", value, conversion, format));
    }

    /// <summary>Of <c>{x = }</c>, which shows the text itself, the expression; else null.</summary>
    private static string? ShownText(string source)
    {
        var trimmed = source.TrimEnd();
        var isShown = trimmed.Length > 1 && trimmed[^1] == '=' && !"=!<>".Contains(trimmed[^2]);
        return isShown ? trimmed[..^1] : null;
    }

    /// <summary><c>{x = }</c> shows the value as <c>repr</c> does, unless told otherwise.</summary>
    private static char Shown(char conversion) => conversion == '\0' ? 'r' : conversion;

    private void Close()
    {
        if (_at >= _body.Length || _body[_at] != '}')
        {
            throw Fail("a '}' must end the value of an f-string. Add it.");
        }

        _at++;
    }

    private char ReadConversion()
    {
        var conversion = _at + 2 < _body.Length ? _body[_at + 1] : '\0';
        _at += 2;
        return conversion is 'r' or 's' or 'a'
            ? conversion
            : throw Fail("after '!' one of r, s and a must stand. Correct the f-string.");
    }

    private FormatStringExpression ReadSpecification()
    {
        _at++;
        return ParseParts(isSpecification: true);
    }

    private Expression ParseExpression(string source)
    {
        if (source.AsSpan().Trim().IsEmpty)
        {
            throw Fail("the braces of an f-string must hold a value. Write it, or double the braces.");
        }

        var text = $"({source})";
        var shifted = new SourceFile(_file.Name, _file.FullPath, text);
        var tokens = Lexer.Tokenize(shifted)
            .ConvertAll(token => token with { Origin = _token.Origin });
        var reader = new TokenReader(tokens);
        var expression = new ExpressionParser(reader, _file).Parse();
        reader.Expect(TokenKind.NewLine, "the end of the value", "Only one value may stand in the braces.");
        return expression;
    }

    /// <summary>Where the expression ends: at <c>}</c>, <c>:</c> or <c>!</c> outside of brackets and strings.</summary>
    private int EndOfExpression(int at)
    {
        var level = 0;
        for (; at < _body.Length; at++)
        {
            var character = _body[at];
            if (character is '"' or '\'')
            {
                at = _body.IndexOf(character, at + 1);
                if (at < 0)
                {
                    return -1;
                }
            }
            else if (level == 0 && IsEnd(at))
            {
                return at;
            }
            else
            {
                level += Level(character);
            }
        }

        return -1;
    }

    private bool IsEnd(int at) =>
        _body[at] is '}' or ':' || (_body[at] == '!' && at + 1 < _body.Length && _body[at + 1] != '=');

    private static int Level(char character) => character switch
    {
        '(' or '[' or '{' => 1,
        ')' or ']' or '}' => -1,
        _ => 0,
    };

    private ConfigException Fail(string message) => ConfigException.AtColumn(_token.Origin, message);
}
