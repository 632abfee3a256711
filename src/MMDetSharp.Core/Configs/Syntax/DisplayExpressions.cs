using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary><c>*x</c> inside a list, tuple, set or call.</summary>
internal sealed class StarredExpression(Expression inner, ConfigOrigin origin) : Expression(origin)
{
    internal Expression Inner => inner;

    internal override ConfigValue Evaluate(Scope scope) =>
        throw Fail("a '*' may stand only inside a list, tuple, set or call. Put brackets around it.");

    /// <summary>Evaluates a row of expressions, each starred one giving its items.</summary>
    internal static List<ConfigValue> EvaluateAll(List<Expression> items, Scope scope)
    {
        var values = new List<ConfigValue>(items.Count);
        foreach (var item in items)
        {
            if (item is StarredExpression starred)
            {
                values.AddRange(Iteration.Items(starred.Inner.Evaluate(scope), starred.Origin));
            }
            else
            {
                values.Add(item.Evaluate(scope));
            }
        }

        return values;
    }
}

/// <summary>A list, tuple or set written out; also the target of <c>a, b = x</c>.</summary>
internal sealed class SequenceExpression(ConfigKind kind, List<Expression> items, ConfigOrigin origin)
    : Expression(origin), ITarget
{
    public void Assign(Scope scope, ConfigValue value)
    {
        var values = Iteration.Items(value, Origin);
        var star = items.FindIndex(item => item is StarredExpression);
        if (star < 0 ? values.Count != items.Count : values.Count < items.Count - 1)
        {
            throw Fail($"{items.Count} names need as many values, found {values.Count}. Make both sides equal.");
        }

        for (var i = 0; i < items.Count; i++)
        {
            var after = values.Count - items.Count;
            Target(items[i]).Assign(scope, i != star
                ? values[star < 0 || i < star ? i : i + after]
                : new ConfigSequence(ConfigKind.List, values.GetRange(i, after + 1), value.Origin));
        }
    }

    public void Delete(Scope scope)
    {
        foreach (var item in items)
        {
            Target(item).Delete(scope);
        }
    }

    internal override ConfigValue Evaluate(Scope scope)
    {
        var values = StarredExpression.EvaluateAll(items, scope);
        return new ConfigSequence(kind, kind == ConfigKind.Set ? Iteration.Distinct(values, Origin) : values, Origin);
    }

    private static ITarget Target(Expression item) =>
        ((item as StarredExpression)?.Inner ?? item) as ITarget
        ?? throw item.Fail("only a name or an item can be assigned. Write a name left of '='.");
}

/// <summary>A dict written with braces; a pair without a key is <c>**x</c>.</summary>
internal sealed class DictExpression(List<(Expression? Key, Expression Value)> pairs, ConfigOrigin origin)
    : Expression(origin)
{
    /// <summary>The value of a key that is a constant, or null.</summary>
    internal Expression? ValueOf(string name) =>
        pairs.Find(pair => pair.Key is ConstantExpression { Content: string key } && key == name).Value;

    internal override ConfigValue Evaluate(Scope scope)
    {
        var node = new ConfigNode(Origin);
        foreach (var (key, value) in pairs)
        {
            if (key is not null)
            {
                node.Set(Iteration.Key(key.Evaluate(scope), key.Origin), value.Evaluate(scope), key.Origin);
            }
            else if (value.Evaluate(scope) is ConfigNode other)
            {
                node.SetAll(other);
            }
            else
            {
                throw value.Fail("'**' needs a dict. Put one there, or '*' for a list.");
            }
        }

        return node;
    }
}

/// <summary><c>{{ _base_.a.b }}</c>: a value of the bases.</summary>
internal sealed class BaseReferenceExpression(string path, ConfigOrigin origin) : Expression(origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        ConfigValue value = scope.Bases;
        foreach (var key in path.Split('.'))
        {
            value = Step(value, key);
        }

        return ConfigCopy.Of(value);
    }

    private ConfigValue Step(ConfigValue value, string key)
    {
        if (value is ConfigNode node)
        {
            var nearest = NearestName.Of(key, node.Entries.Select(entry => entry.Name));
            return node.Find(key)?.Value ?? throw Fail(
                $"{{{{_base_.{path}}}}} is not in the bases: there is no key {key}. " +
                NearestName.Question(nearest, "Correct the path."));
        }

        return value is ConfigSequence sequence && int.TryParse(key, out var index) && index < sequence.Count
            ? sequence[index]
            : throw Fail(
                $"{{{{_base_.{path}}}}} is not in the bases: {value.Describe()} has no {key}. Correct the path.");
    }
}
