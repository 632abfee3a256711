namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Cuts the text of a config file into words; indentation becomes Indent and Dedent, as in Python.</summary>
internal sealed class Lexer
{
    private static readonly string[] LongOperators =
    [
        "**=", "//=", ">>=", "<<=", "...",
        "**", "//", "==", "!=", "<=", ">=", "->", "<<", ">>", ":=",
        "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=",
    ];

    private readonly SourceFile _file;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<int> _indents = [0];
    private readonly Stack<Token> _open = new();
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private Lexer(SourceFile file)
    {
        _file = file;
        _text = file.Text;
    }

    /// <summary>All words of a file; the last is End.</summary>
    /// <exception cref="ConfigException">The text is not Python, with its line and column.</exception>
    internal static List<Token> Tokenize(SourceFile file)
    {
        var lexer = new Lexer(file);
        lexer.Run();
        return lexer._tokens;
    }

    private ConfigOrigin Here => OriginOf(_at);

    private ConfigOrigin OriginOf(int position) => _file.At(_line, position - _lineStart + 1);

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Run()
    {
        while (_at < _text.Length)
        {
            if (_open.Count == 0 && AtLineStart() && !ReadIndentation())
            {
                continue;
            }

            ReadToken();
        }

        if (_open.Count > 0)
        {
            var open = _open.Peek();
            throw ConfigException.AtColumn(open.Origin, $"the '{open.Text}' is never closed. Add its partner.");
        }

        EndLine();
        CloseBlocks(0);
        _tokens.Add(new Token(TokenKind.End, "", Here));
    }

    private bool AtLineStart() => _at == _lineStart;

    /// <summary>Measures a line's indentation; false for a line without words, which is skipped.</summary>
    private bool ReadIndentation()
    {
        var width = 0;
        while (Peek() is ' ' or '\t' or '\f')
        {
            width = Peek() == '\t' ? ((width / 8) + 1) * 8 : width + 1;
            _at++;
        }

        if (Peek() is '#' or '\n' or '\0')
        {
            SkipComment();
            SkipNewLine();
            return false;
        }

        OpenOrCloseBlocks(width);
        return true;
    }

    private void OpenOrCloseBlocks(int width)
    {
        if (width > _indents[^1])
        {
            _indents.Add(width);
            _tokens.Add(new Token(TokenKind.Indent, "", Here));
            return;
        }

        CloseBlocks(width);
        if (width != _indents[^1])
        {
            throw ConfigException.AtColumn(
                Here,
                "the indentation must be that of an outer block. Align the line with the block it belongs to.");
        }
    }

    private void CloseBlocks(int width)
    {
        while (_indents[^1] > width)
        {
            _indents.RemoveAt(_indents.Count - 1);
            _tokens.Add(new Token(TokenKind.Dedent, "", Here));
        }
    }

    private void SkipComment()
    {
        if (Peek() == '#')
        {
            var end = _text.IndexOf('\n', _at);
            _at = end < 0 ? _text.Length : end;
        }
    }

    private void SkipNewLine()
    {
        if (_at < _text.Length)
        {
            _at++;
            _line++;
            _lineStart = _at;
        }
    }

    private void EndLine()
    {
        if (_tokens.Count > 0 && _tokens[^1].Kind is not (TokenKind.NewLine or TokenKind.Dedent))
        {
            _tokens.Add(new Token(TokenKind.NewLine, "", Here));
        }
    }

    private void ReadToken()
    {
        var first = Peek();
        if (first is ' ' or '\t' or '\f' or '#')
        {
            SkipBlank();
        }
        else if (first == '\n')
        {
            if (_open.Count == 0)
            {
                EndLine();
            }

            SkipNewLine();
        }
        else if (first == '\\')
        {
            ReadContinuation();
        }
        else
        {
            ReadWord(first);
        }
    }

    private void SkipBlank()
    {
        SkipComment();
        while (Peek() is ' ' or '\t' or '\f')
        {
            _at++;
        }
    }

    private void ReadContinuation()
    {
        if (Peek(1) != '\n')
        {
            throw ConfigException.AtColumn(Here, "after a '\\' the line must end. Remove what follows it.");
        }

        _at++;
        SkipNewLine();
        while (Peek() is ' ' or '\t')
        {
            _at++;
        }
    }

    private void ReadWord(char first)
    {
        if (PythonText.IsNameStart(first))
        {
            ReadNameOrString();
        }
        else if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Peek(1))))
        {
            var origin = Here;
            var (length, number) = NumberLiteral.Read(_text, _at, origin);
            _tokens.Add(new Token(TokenKind.Number, _text.Substring(_at, length), origin) { Number = number });
            _at += length;
        }
        else if (first is '"' or '\'')
        {
            ReadString("");
        }
        else if (first == '{' && Peek(1) == '{' && ReadReference())
        {
            return;
        }
        else
        {
            ReadOperator();
        }
    }

    private void ReadNameOrString()
    {
        var end = _at;
        while (end < _text.Length && PythonText.IsNamePart(_text[end]))
        {
            end++;
        }

        var name = _text[_at..end];
        if (end < _text.Length && _text[end] is '"' or '\'' && StringLiteral.IsPrefix(name))
        {
            ReadString(name);
            return;
        }

        var kind = PythonText.IsKeyword(name) ? TokenKind.Keyword : TokenKind.Name;
        _tokens.Add(new Token(kind, name, Here));
        _at = end;
    }

    private void ReadString(string prefix)
    {
        var literal = StringLiteral.Read(_file, _at, prefix, Here);
        _tokens.Add(literal.Token);
        for (var i = _at; i < literal.End; i++)
        {
            if (_text[i] == '\n')
            {
                _line++;
                _lineStart = i + 1;
            }
        }

        _at = literal.End;
    }

    /// <summary>Reads <c>{{ _base_.a.b }}</c>; false where the braces mean something else.</summary>
    private bool ReadReference()
    {
        if (!TemplateReference.TryRead(_text, _at, out var name, out var end))
        {
            return false;
        }

        if (_file.Template(name) is not null)
        {
            throw ConfigException.AtColumn(
                Here, $"{{{{ {name} }}}} stands for a text. Write it in quotes: '{{{{ {name} }}}}'.");
        }

        if (!name.StartsWith("_base_.", StringComparison.Ordinal))
        {
            return false;
        }

        _tokens.Add(new Token(TokenKind.BaseReference, name["_base_.".Length..], Here));
        _at = end;
        return true;
    }

    private void ReadOperator()
    {
        var length = 1;
        foreach (var candidate in LongOperators)
        {
            if (string.CompareOrdinal(_text, _at, candidate, 0, candidate.Length) == 0)
            {
                length = candidate.Length;
                break;
            }
        }

        var token = new Token(TokenKind.Operator, _text.Substring(_at, length), Here);
        if (length == 1 && !"()[]{}+-*/%@&|^~<>=.,:;".Contains(token.Text[0]))
        {
            throw ConfigException.AtColumn(
                Here, $"the character '{token.Text}' has no meaning here. Put text in quotes, or remove it.");
        }

        MatchBracket(token);
        _tokens.Add(token);
        _at += length;
    }

    private void MatchBracket(Token token)
    {
        switch (token.Text)
        {
            case "(" or "[" or "{":
                _open.Push(token);
                break;
            case ")" or "]" or "}":
                Close(token);
                break;
        }
    }

    private void Close(Token token)
    {
        if (_open.Count == 0)
        {
            throw ConfigException.AtColumn(token.Origin, $"the '{token.Text}' closes nothing. Remove it.");
        }

        var open = _open.Pop();
        var expected = open.Text switch { "(" => ")", "[" => "]", _ => "}" };
        if (token.Text != expected)
        {
            throw ConfigException.AtColumn(
                token.Origin,
                $"the '{open.Text}' of line {open.Origin.Line} must be closed by '{expected}', found '{token.Text}'.");
        }
    }
}
