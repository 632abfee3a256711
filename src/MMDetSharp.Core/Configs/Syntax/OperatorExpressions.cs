using System.Runtime.CompilerServices;
using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary><c>a + b</c> and its like.</summary>
internal sealed class BinaryExpression(string sign, Expression left, Expression right, ConfigOrigin origin)
    : Expression(origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return Operators.Apply(sign, left.Evaluate(scope), right.Evaluate(scope), Origin);
    }
}

/// <summary><c>-a</c>, <c>+a</c>, <c>~a</c>.</summary>
internal sealed class UnaryExpression(string sign, Expression inner, ConfigOrigin origin) : Expression(origin)
{
    internal override ConfigValue Evaluate(Scope scope) => Operators.Apply(sign, inner.Evaluate(scope), Origin);
}

/// <summary><c>not a</c>.</summary>
internal sealed class NotExpression(Expression inner, ConfigOrigin origin) : Expression(origin)
{
    internal override ConfigValue Evaluate(Scope scope) =>
        new ConfigScalar(!Comparison.IsTrue(inner.Evaluate(scope)), Origin);
}

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decided.</summary>
internal sealed class BooleanExpression(bool isAnd, Expression left, Expression right) : Expression(left.Origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = left.Evaluate(scope);
        return Comparison.IsTrue(value) == isAnd ? right.Evaluate(scope) : value;
    }
}

/// <summary><c>a &lt; b &lt;= c</c>: every neighbouring pair must hold.</summary>
internal sealed class ComparisonExpression(Expression first, List<(string Sign, Expression Right)> rest)
    : Expression(first.Origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        var left = first.Evaluate(scope);
        foreach (var (sign, expression) in rest)
        {
            var right = expression.Evaluate(scope);
            if (!Comparison.Holds(sign, left, right, Origin))
            {
                return new ConfigScalar(false, Origin);
            }

            left = right;
        }

        return new ConfigScalar(true, Origin);
    }
}

/// <summary><c>a if condition else b</c>.</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression otherwise)
    : Expression(then.Origin)
{
    internal override ConfigValue Evaluate(Scope scope) =>
        (Comparison.IsTrue(condition.Evaluate(scope)) ? then : otherwise).Evaluate(scope);
}
