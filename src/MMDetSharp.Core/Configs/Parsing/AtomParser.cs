using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Parses atoms (literals, names, brackets) and what follows them: calls, indices, attributes.</summary>
internal sealed class AtomParser(TokenReader reader, ExpressionParser expressions, SourceFile file)
{
    /// <summary>An atom with its calls, indices and attributes.</summary>
    internal Expression ParsePrimary()
    {
        var expression = ParseAtom();
        while (true)
        {
            var origin = reader.Origin;
            if (reader.TakeIf("("))
            {
                expression = new CallExpression(expression, ParseArguments(), expression.Origin);
            }
            else if (reader.TakeIf("["))
            {
                expression = ParseIndex(expression);
            }
            else if (reader.TakeIf("."))
            {
                var name = reader.Expect(TokenKind.Name, "a name", "A method's name must follow the point.");
                expression = new AttributeExpression(expression, name.Text, origin);
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseAtom()
    {
        var token = reader.Peek;
        switch (token.Kind)
        {
            case TokenKind.Name:
                return new NameExpression(reader.Take().Text, token.Origin);
            case TokenKind.Number:
                return new ConstantExpression(reader.Take().Number, token.Origin);
            case TokenKind.String or TokenKind.FormatString:
                return ParseStrings();
            case TokenKind.BaseReference:
                return new BaseReferenceExpression(reader.Take().Text, token.Origin);
            case TokenKind.Keyword:
                return ParseKeyword(token);
            default:
                return ParseBrackets(token);
        }
    }

    private ConstantExpression ParseKeyword(Token token)
    {
        object? content = token.Text switch
        {
            "True" => true,
            "False" => false,
            "None" => null,
            "lambda" or "await" or "yield" => throw reader.Fail(
                $"'{token.Text}' is not known in a config. Write the value itself."),
            _ => throw reader.Fail($"a value must stand here, found '{token.Text}'. Add it."),
        };
        reader.Take();
        return new ConstantExpression(content, token.Origin);
    }

    private Expression ParseBrackets(Token token)
    {
        if (token.Kind == TokenKind.Operator)
        {
            switch (token.Text)
            {
                case "(":
                    reader.Take();
                    return ParseParenthesis(token);
                case "[":
                    reader.Take();
                    return ParseItems(ConfigKind.List, "]", token);
                case "{":
                    reader.Take();
                    return ParseBraces(token);
                case "...":
                    throw reader.Fail("'...' has no meaning in a config. Write the value.");
            }
        }

        throw reader.Fail($"a value must stand here, found {token.Describe()}. Add it, or remove what leads to it.");
    }

    private Expression ParseParenthesis(Token open)
    {
        if (reader.TakeIf(")"))
        {
            return new SequenceExpression(ConfigKind.Tuple, [], open.Origin);
        }

        var first = expressions.ParseStarred();
        if (reader.Is("for"))
        {
            return ParseComprehension(ConfigKind.List, null, first, ")");
        }

        if (first is not StarredExpression && reader.TakeIf(")"))
        {
            return first;
        }

        return new SequenceExpression(ConfigKind.Tuple, ParseRest(first, ")", open), open.Origin);
    }

    private Expression ParseItems(ConfigKind kind, string close, Token open)
    {
        if (reader.TakeIf(close))
        {
            return new SequenceExpression(kind, [], open.Origin);
        }

        var first = expressions.ParseStarred();
        return reader.Is("for")
            ? ParseComprehension(kind, null, first, close)
            : new SequenceExpression(kind, ParseRest(first, close, open), open.Origin);
    }

    private List<Expression> ParseRest(Expression first, string close, Token open)
    {
        var items = new List<Expression> { first };
        while (!reader.TakeIf(close))
        {
            ExpectComma(close, open);
            if (!reader.Is(close))
            {
                items.Add(expressions.ParseStarred());
            }
        }

        return items;
    }

    private void ExpectComma(string close, Token open)
    {
        if (!reader.TakeIf(","))
        {
            throw reader.Fail(
                $"',' or the '{close}' of the '{open.Text}' in line {open.Origin.Line} must stand here, " +
                $"found {reader.Peek.Describe()}. Add a comma.");
        }
    }

    private Expression ParseBraces(Token open)
    {
        if (reader.TakeIf("}"))
        {
            return new DictExpression([], open.Origin);
        }

        if (reader.Is("**"))
        {
            return ParsePairs([], open);
        }

        var first = expressions.ParseStarred();
        if (!reader.Is(":"))
        {
            return reader.Is("for")
                ? ParseComprehension(ConfigKind.Set, null, first, "}")
                : new SequenceExpression(ConfigKind.Set, ParseRest(first, "}", open), open.Origin);
        }

        reader.Take();
        var value = expressions.Parse();
        if (reader.Is("for"))
        {
            return ParseComprehension(ConfigKind.Node, first, value, "}");
        }

        return ParsePairs([(first, value)], open);
    }

    private DictExpression ParsePairs(List<(Expression?, Expression)> pairs, Token open)
    {
        while (!reader.TakeIf("}"))
        {
            if (pairs.Count > 0)
            {
                ExpectComma("}", open);
            }

            if (!reader.Is("}"))
            {
                pairs.Add(ParsePair());
            }
        }

        return new DictExpression(pairs, open.Origin);
    }

    private (Expression?, Expression) ParsePair()
    {
        if (reader.TakeIf("**"))
        {
            return (null, expressions.Parse());
        }

        var key = expressions.Parse();
        reader.Expect(":", "A dict with braces is written {'key': value}.");
        return (key, expressions.Parse());
    }

    private ComprehensionExpression ParseComprehension(ConfigKind kind, Expression? key, Expression value, string close)
    {
        var clauses = ParseClauses();
        reader.Expect(close, "A comprehension ends here.");
        return new ComprehensionExpression(kind, key, value, clauses);
    }

    private List<ComprehensionClause> ParseClauses()
    {
        var clauses = new List<ComprehensionClause>();
        while (reader.TakeIf("for"))
        {
            var target = expressions.ParseTarget();
            reader.Expect("in", "A comprehension is written [x for x in items].");
            var items = expressions.ParseOr();
            var conditions = new List<Expression>();
            while (reader.TakeIf("if"))
            {
                conditions.Add(expressions.ParseOr());
            }

            clauses.Add(new ComprehensionClause(AsTarget(target), items, conditions));
        }

        return clauses;
    }

    private static ITarget AsTarget(Expression expression) =>
        expression as ITarget ?? throw expression.Fail("only a name can be assigned. Write a name after 'for'.");

    private List<Argument> ParseArguments()
    {
        var arguments = new List<Argument>();
        while (!reader.TakeIf(")"))
        {
            if (arguments.Count > 0)
            {
                reader.Expect(",", "Separate arguments with commas.");
            }

            if (!reader.Is(")"))
            {
                arguments.Add(ParseArgument(arguments));
            }
        }

        return arguments;
    }

    private Argument ParseArgument(List<Argument> before)
    {
        var origin = reader.Origin;
        if (reader.TakeIf("**"))
        {
            return new Argument(null, expressions.Parse(), IsUnpacked: true, origin);
        }

        if (reader.PeekNext.Is("=") && (reader.Is(TokenKind.Name) || reader.Is(TokenKind.Keyword)))
        {
            return ParseKeywordArgument();
        }

        if (before.Exists(argument => argument.Name is not null || argument.IsUnpacked))
        {
            throw reader.Fail("a value without a key must stand before those with keys. Write key=value, or move it.");
        }

        var value = expressions.ParseStarred();
        if (reader.Is("for"))
        {
            value = new ComprehensionExpression(ConfigKind.List, null, value, ParseClauses());
        }

        return new Argument(null, value, IsUnpacked: false, origin);
    }

    private Argument ParseKeywordArgument()
    {
        var name = reader.Take();
        if (name.Kind == TokenKind.Keyword)
        {
            throw ConfigException.AtColumn(
                name.Origin, $"'{name.Text}' is a word of the language, not a key. Write {{'{name.Text}': ...}}.");
        }

        reader.Take();
        return new Argument(name.Text, expressions.Parse(), IsUnpacked: false, name.Origin);
    }

    private Expression ParseIndex(Expression target)
    {
        var start = reader.Is(":") ? null : expressions.ParseTuple();
        if (!reader.TakeIf(":"))
        {
            reader.Expect("]", "An index ends here.");
            return new IndexExpression(target, start!, target.Origin);
        }

        var stop = reader.Is(":") || reader.Is("]") ? null : expressions.Parse();
        var step = reader.TakeIf(":") && !reader.Is("]") ? expressions.Parse() : null;
        reader.Expect("]", "A slice ends here.");
        return new SliceExpression(target, new SliceBounds(start, stop, step), target.Origin);
    }

    private Expression ParseStrings()
    {
        var parts = new List<Expression>();
        while (reader.Is(TokenKind.String) || reader.Is(TokenKind.FormatString))
        {
            var token = reader.Take();
            parts.Add(token.Kind == TokenKind.String
                ? new ConstantExpression(token.Text, token.Origin)
                : FormatStringParser.Parse(token, file));
        }

        if (parts.Count == 1)
        {
            return parts[0];
        }

        return parts.TrueForAll(part => part is ConstantExpression)
            ? new ConstantExpression(
                string.Concat(parts.ConvertAll(part => (string)((ConstantExpression)part).Content!)), parts[0].Origin)
            : new JoinedStringExpression(parts);
    }
}
