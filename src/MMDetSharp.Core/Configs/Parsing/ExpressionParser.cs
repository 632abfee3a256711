using System.Runtime.CompilerServices;
using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Parses expressions: conditionals and operators here, atoms in <see cref="AtomParser"/>.</summary>
internal sealed class ExpressionParser
{
    /// <summary>The binary operators from the loosest to the tightest.</summary>
    private static readonly string[][] Levels =
    [
        ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
    ];

    private const int DeepestNesting = 200;

    private readonly TokenReader _reader;
    private readonly AtomParser _atoms;
    private int _depth;

    internal ExpressionParser(TokenReader reader, SourceFile file)
    {
        _reader = reader;
        _atoms = new AtomParser(reader, this, file);
    }

    /// <summary>One expression; a comma ends it.</summary>
    internal Expression Parse()
    {
        if (++_depth > DeepestNesting)
        {
            throw _reader.Fail($"brackets are nested more than {DeepestNesting} deep. Flatten them.");
        }

        var expression = ParseConditional();
        _depth--;
        return expression;
    }

    private Expression ParseConditional()
    {
        if (_reader.Is("lambda"))
        {
            throw _reader.Fail("functions cannot be made in a config. Write a value or a comprehension.");
        }

        var then = ParseOr();
        if (_reader.Is(":="))
        {
            throw _reader.Fail("':=' is not known here. Assign the name on a line of its own.");
        }

        if (!_reader.TakeIf("if"))
        {
            return then;
        }

        var condition = ParseOr();
        _reader.Expect("else", "A conditional value is written a if condition else b.");
        return new ConditionalExpression(condition, then, Parse());
    }

    /// <summary>An expression that may be a tuple without brackets: <c>1, 2</c>.</summary>
    internal Expression ParseTuple()
    {
        var first = ParseStarred();
        if (!_reader.Is(","))
        {
            return first is StarredExpression
                ? throw first.Fail("a '*' may stand only inside a list, tuple, set or call. Put brackets around it.")
                : first;
        }

        var items = new List<Expression> { first };
        while (_reader.TakeIf(",") && StartsExpression())
        {
            items.Add(ParseStarred());
        }

        return new SequenceExpression(ConfigKind.Tuple, items, first.Origin);
    }

    /// <summary>An expression or <c>*expression</c>.</summary>
    internal Expression ParseStarred()
    {
        var origin = _reader.Origin;
        return _reader.TakeIf("*") ? new StarredExpression(ParseBinary(0), origin) : Parse();
    }

    /// <summary>The target of a <c>for</c>: names, without the <c>in</c> that follows.</summary>
    internal Expression ParseTarget()
    {
        var first = ParseTargetItem();
        if (!_reader.Is(","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (_reader.TakeIf(",") && !_reader.Is("in"))
        {
            items.Add(ParseTargetItem());
        }

        return new SequenceExpression(ConfigKind.Tuple, items, first.Origin);
    }

    /// <summary>A condition without <c>if</c>/<c>else</c>, as comprehensions need it.</summary>
    internal Expression ParseOr()
    {
        var left = ParseAnd();
        while (_reader.TakeIf("or"))
        {
            left = new BooleanExpression(isAnd: false, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseTargetItem()
    {
        var origin = _reader.Origin;
        return _reader.TakeIf("*") ? new StarredExpression(_atoms.ParsePrimary(), origin) : _atoms.ParsePrimary();
    }

    private bool StartsExpression() =>
        !(_reader.Is(TokenKind.NewLine) || _reader.Is(TokenKind.End) || _reader.Is("=") || _reader.Is(")")
            || _reader.Is("]") || _reader.Is("}") || _reader.Is(":") || _reader.Is(";"));

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (_reader.TakeIf("and"))
        {
            left = new BooleanExpression(isAnd: true, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var origin = _reader.Origin;
        return _reader.TakeIf("not") ? new NotExpression(ParseNot(), origin) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        var first = ParseBinary(0);
        List<(string, Expression)>? rest = null;
        while (TakeComparison() is { } sign)
        {
            rest ??= [];
            rest.Add((sign, ParseBinary(0)));
        }

        return rest is null ? first : new ComparisonExpression(first, rest);
    }

    private string? TakeComparison()
    {
        var token = _reader.Peek;
        if (token.Kind is not (TokenKind.Operator or TokenKind.Keyword))
        {
            return null;
        }

        switch (token.Text)
        {
            case "==" or "!=" or "<" or "<=" or ">" or ">=" or "in":
                return _reader.Take().Text;
            case "is":
                _reader.Take();
                return _reader.TakeIf("not") ? "is not" : "is";
            case "not" when _reader.PeekNext.Is("in"):
                _reader.Take();
                _reader.Take();
                return "not in";
            default:
                return null;
        }
    }

    private Expression ParseBinary(int level)
    {
        if (level == Levels.Length)
        {
            return ParseUnary();
        }

        var left = ParseBinary(level + 1);
        while (_reader.Is(TokenKind.Operator) && Array.IndexOf(Levels[level], _reader.Peek.Text) >= 0)
        {
            var sign = _reader.Take();
            left = new BinaryExpression(sign.Text, left, ParseBinary(level + 1), left.Origin);
        }

        return left;
    }

    private Expression ParseUnary()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_reader.Is("-") || _reader.Is("+") || _reader.Is("~"))
        {
            var sign = _reader.Take();
            return new UnaryExpression(sign.Text, ParseUnary(), sign.Origin);
        }

        var primary = _atoms.ParsePrimary();
        return _reader.TakeIf("**")
            ? new BinaryExpression("**", primary, ParseUnary(), primary.Origin)
            : primary;
    }
}
