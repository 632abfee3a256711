using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary><c>for target in items if condition ...</c> of a comprehension.</summary>
internal sealed record ComprehensionClause(ITarget Target, Expression Items, List<Expression> Conditions);

/// <summary><c>[x for ...]</c>, <c>{x for ...}</c>, <c>{k: v for ...}</c>; <c>(x for ...)</c> gives a list.</summary>
internal sealed class ComprehensionExpression(
    ConfigKind kind, Expression? key, Expression value, List<ComprehensionClause> clauses) : Expression(value.Origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        var inner = scope.Inner(Origin);
        if (kind == ConfigKind.Node)
        {
            var node = new ConfigNode(Origin);
            Run(inner, 0, () => node.Set(
                Iteration.Key(key!.Evaluate(inner), key.Origin), value.Evaluate(inner), value.Origin));
            return node;
        }

        var values = new List<ConfigValue>();
        Run(inner, 0, () => values.Add(value.Evaluate(inner)));
        return new ConfigSequence(kind, kind == ConfigKind.Set ? Iteration.Distinct(values, Origin) : values, Origin);
    }

    private void Run(Scope scope, int depth, Action add)
    {
        if (depth == clauses.Count)
        {
            add();
            return;
        }

        var clause = clauses[depth];
        foreach (var item in Iteration.Items(clause.Items.Evaluate(scope), clause.Items.Origin))
        {
            clause.Target.Assign(scope, item);
            if (clause.Conditions.TrueForAll(condition => Comparison.IsTrue(condition.Evaluate(scope))))
            {
                Run(scope, depth + 1, add);
            }
        }
    }
}
