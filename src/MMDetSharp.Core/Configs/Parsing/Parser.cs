using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Parses the statements of a config file.</summary>
internal sealed class Parser
{
    private static readonly string[] AugmentedSigns =
        ["+=", "-=", "*=", "/=", "//=", "%=", "**=", "|=", "&=", "^=", "<<=", ">>="];

    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;
    private int _depth;
    private int _loops;

    private Parser(SourceFile file)
    {
        _reader = new TokenReader(Lexer.Tokenize(file));
        _expressions = new ExpressionParser(_reader, file);
    }

    /// <summary>The statements of a file.</summary>
    /// <exception cref="ConfigException">A word that the grammar does not allow, with its line and column.</exception>
    internal static List<Statement> Parse(SourceFile file)
    {
        var parser = new Parser(file);
        var statements = new List<Statement>();
        while (!parser._reader.Is(TokenKind.End))
        {
            parser.ParseStatement(statements);
        }

        return statements;
    }

    /// <summary>The one value of a file, such as JSON.</summary>
    internal static Expression ParseValue(SourceFile file)
    {
        var parser = new Parser(file);
        var value = parser._expressions.Parse();
        parser._reader.TakeIf(TokenKind.NewLine);
        parser._reader.Expect(TokenKind.End, "the end of the file", "Remove what follows the value.");
        return value;
    }

    private void ParseStatement(List<Statement> block)
    {
        if (_reader.Is(TokenKind.Indent))
        {
            throw _reader.Fail("the line must not be indented here. Remove the spaces at its start.");
        }

        if (_reader.TakeIf("if"))
        {
            block.Add(ParseIf());
        }
        else if (_reader.TakeIf("for"))
        {
            block.Add(ParseFor());
        }
        else
        {
            ParseLine(block);
        }
    }

    private void ParseLine(List<Statement> block)
    {
        do
        {
            if (!_reader.Is(TokenKind.NewLine))
            {
                block.Add(ParseSimple());
            }
        }
        while (_reader.TakeIf(";"));

        _reader.Expect(TokenKind.NewLine, "the end of the line", "Is an operator or a comma missing before it?");
    }

    private Statement ParseSimple()
    {
        var token = _reader.Peek;
        if (token.Kind != TokenKind.Keyword)
        {
            return ParseAssignment();
        }

        switch (token.Text)
        {
            case "pass":
                _reader.Take();
                return new FlowStatement(Flow.Next);
            case "break" or "continue" when _loops > 0:
                _reader.Take();
                return new FlowStatement(token.Text == "break" ? Flow.Break : Flow.Continue);
            case "del":
                _reader.Take();
                return new DeleteStatement(Targets(_expressions.ParseTuple()));
            case "import" or "from":
                return ImportParser.Parse(_reader);
            case "raise" or "assert":
                return ParseRefusal(_reader.Take());
            default:
                return Refused(token) is { } advice ? throw _reader.Fail(advice) : ParseAssignment();
        }
    }

    private RefuseStatement ParseRefusal(Token word)
    {
        if (word.Text == "assert")
        {
            var condition = _expressions.Parse();
            return new RefuseStatement(condition, _reader.TakeIf(",") ? _expressions.Parse() : null, word.Origin);
        }

        var error = _reader.Is(TokenKind.NewLine) ? null : _expressions.Parse();
        return new RefuseStatement(null, (error as CallExpression)?.FirstArgument, word.Origin);
    }

    private static string? Refused(Token token) => token.Text switch
    {
        "def" or "class" or "lambda" => $"'{token.Text}' is not known in a config. Write the values out.",
        "while" => "'while' is not known in a config. Use 'for' over a range.",
        "try" or "with" or "global" or "nonlocal" or "async" or "return" or "yield" or "except" =>
            $"'{token.Text}' is not known in a config. Write the values out.",
        "break" or "continue" => $"'{token.Text}' may stand only inside a 'for'. Remove it.",
        "elif" or "else" => $"'{token.Text}' has no 'if' before it. Align it with its 'if'.",
        _ => null,
    };

    private Statement ParseAssignment()
    {
        var first = _expressions.ParseTuple();
        if (_reader.Is(TokenKind.Operator) && Array.IndexOf(AugmentedSigns, _reader.Peek.Text) >= 0)
        {
            var sign = _reader.Take().Text[..^1];
            _ = AsTarget(first);
            return new AugmentedStatement(first, sign, _expressions.ParseTuple());
        }

        if (_reader.TakeIf(":"))
        {
            _expressions.Parse();
        }

        if (!_reader.Is("="))
        {
            return new ExpressionStatement(first);
        }

        var targets = new List<ITarget> { AsTarget(first) };
        while (_reader.TakeIf("="))
        {
            var value = _expressions.ParseTuple();
            if (!_reader.Is("="))
            {
                return new AssignStatement(targets, value);
            }

            targets.Add(AsTarget(value));
        }

        throw _reader.Fail("a value must stand after '='. Add it.");
    }

    private static ITarget AsTarget(Expression expression) => expression as ITarget
        ?? throw expression.Fail("only a name or an item can be assigned. Write a name left of '='.");

    private static List<ITarget> Targets(Expression expression) => [AsTarget(expression)];

    private IfStatement ParseIf()
    {
        var branches = new List<(Expression?, List<Statement>)> { (_expressions.Parse(), ParseBlock()) };
        while (_reader.TakeIf("elif"))
        {
            branches.Add((_expressions.Parse(), ParseBlock()));
        }

        if (_reader.TakeIf("else"))
        {
            branches.Add((null, ParseBlock()));
        }

        return new IfStatement(branches);
    }

    private ForStatement ParseFor()
    {
        var target = AsTarget(_expressions.ParseTarget());
        _reader.Expect("in", "A loop is written for x in items:");
        var items = _expressions.ParseTuple();
        _loops++;
        var block = ParseBlock();
        _loops--;
        return new ForStatement(target, items, block, _reader.TakeIf("else") ? ParseBlock() : []);
    }

    private List<Statement> ParseBlock()
    {
        var block = new List<Statement>();
        _reader.Expect(":", "A ':' ends the head of a block.");
        if (!_reader.TakeIf(TokenKind.NewLine))
        {
            ParseLine(block);
            return block;
        }

        _reader.Expect(TokenKind.Indent, "an indented line", "Indent the block, or write pass.");
        if (++_depth > 50)
        {
            throw _reader.Fail("blocks are nested more than 50 deep. Flatten them.");
        }

        while (!_reader.TakeIf(TokenKind.Dedent))
        {
            ParseStatement(block);
        }

        _depth--;
        return block;
    }
}
