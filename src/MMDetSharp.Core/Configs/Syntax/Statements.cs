using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>How a block goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A statement of a config file.</summary>
internal abstract class Statement
{
    internal abstract Flow Execute(Scope scope);

    /// <summary>Executes a block until a break or continue.</summary>
    internal static Flow Execute(List<Statement> block, Scope scope)
    {
        foreach (var statement in block)
        {
            var flow = statement.Execute(scope);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary><c>a = b = value</c>.</summary>
internal sealed class AssignStatement(List<ITarget> targets, Expression value) : Statement
{
    /// <summary>The value, where the statement assigns this one name.</summary>
    internal Expression? ValueOf(string name) =>
        targets is [NameExpression target] && target.Name == name ? value : null;

    internal override Flow Execute(Scope scope)
    {
        var result = value.Evaluate(scope);
        foreach (var target in targets)
        {
            target.Assign(scope, result);
        }

        return Flow.Next;
    }
}

/// <summary><c>a += value</c> and its like; a list or dict is changed in place, as in Python.</summary>
internal sealed class AugmentedStatement(Expression target, string sign, Expression value) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        var result = Operators.ApplyInPlace(sign, target.Evaluate(scope), value.Evaluate(scope), target.Origin);
        ((ITarget)target).Assign(scope, result);
        return Flow.Next;
    }
}

/// <summary>An expression alone, such as <c>pipeline.append(x)</c>.</summary>
internal sealed class ExpressionStatement(Expression expression) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        expression.Evaluate(scope);
        return Flow.Next;
    }
}

/// <summary><c>del a, b[0]</c>.</summary>
internal sealed class DeleteStatement(List<ITarget> targets) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        foreach (var target in targets)
        {
            target.Delete(scope);
        }

        return Flow.Next;
    }
}

/// <summary><c>import a as b</c>: the names have no value.</summary>
internal sealed class ImportStatement(List<NameExpression> names) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        foreach (var name in names)
        {
            name.Assign(scope, new ImportedName(name.Origin));
        }

        return Flow.Next;
    }
}

/// <summary><c>raise error</c> and <c>assert condition, text</c>: the config itself refuses.</summary>
/// <param name="condition">What must hold; null for raise, which always refuses.</param>
/// <param name="message">What the config says.</param>
/// <param name="origin">Where the statement begins.</param>
internal sealed class RefuseStatement(Expression? condition, Expression? message, ConfigOrigin origin) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        if (condition is not null && Comparison.IsTrue(condition.Evaluate(scope)))
        {
            return Flow.Next;
        }

        var said = message is null ? "" : $" It says: {PythonText.Str(message.Evaluate(scope))}.";
        throw ConfigException.AtColumn(
            origin, $"the config refuses its own values here.{said} Change what leads to this line.");
    }
}

/// <summary><c>pass</c>, <c>break</c>, <c>continue</c>.</summary>
internal sealed class FlowStatement(Flow flow) : Statement
{
    internal override Flow Execute(Scope scope) => flow;
}

/// <summary><c>if</c>, <c>elif</c> and <c>else</c> (a branch without a condition).</summary>
internal sealed class IfStatement(List<(Expression? Condition, List<Statement> Block)> branches) : Statement
{
    internal override Flow Execute(Scope scope)
    {
        foreach (var (condition, block) in branches)
        {
            if (condition is null || Comparison.IsTrue(condition.Evaluate(scope)))
            {
                return Execute(block, scope);
            }
        }

        return Flow.Next;
    }
}

/// <summary><c>for target in items</c>, with its <c>else</c>.</summary>
internal sealed class ForStatement(ITarget target, Expression items, List<Statement> block, List<Statement> otherwise)
    : Statement
{
    internal override Flow Execute(Scope scope)
    {
        foreach (var item in Iteration.Items(items.Evaluate(scope), items.Origin))
        {
            target.Assign(scope, item);
            if (Execute(block, scope) == Flow.Break)
            {
                return Flow.Next;
            }
        }

        return Execute(otherwise, scope);
    }
}
