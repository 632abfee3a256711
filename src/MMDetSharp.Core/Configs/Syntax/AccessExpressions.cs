using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary><c>a[i]</c>.</summary>
internal sealed class IndexExpression(Expression target, Expression index, ConfigOrigin origin)
    : Expression(origin), ITarget
{
    public void Assign(Scope scope, ConfigValue value) =>
        Indexing.Set(target.Evaluate(scope), index.Evaluate(scope), value, Origin);

    public void Delete(Scope scope) => Indexing.Delete(target.Evaluate(scope), index.Evaluate(scope), Origin);

    internal override ConfigValue Evaluate(Scope scope) =>
        Indexing.Get(target.Evaluate(scope), index.Evaluate(scope), Origin);
}

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(Expression target, SliceBounds bounds, ConfigOrigin origin)
    : Expression(origin), ITarget
{
    public void Assign(Scope scope, ConfigValue value)
    {
        var (list, range) = Range(scope);
        list.RemoveRange(range.Start, range.Count);
        list.InsertRange(range.Start, [.. Iteration.Items(value, Origin)]);
    }

    public void Delete(Scope scope)
    {
        var (list, range) = Range(scope);
        list.RemoveRange(range.Start, range.Count);
    }

    internal override ConfigValue Evaluate(Scope scope) =>
        Indexing.Slice(target.Evaluate(scope), bounds.Evaluate(scope), Origin);

    private (List<ConfigValue> List, (int Start, int Count) Range) Range(Scope scope)
    {
        if (target.Evaluate(scope) is not ConfigSequence { Kind: ConfigKind.List } list || bounds.Step is not null)
        {
            throw Fail("only a slice without a step, of a list, can be changed. Write the new list out.");
        }

        var (start, stop, _) = Indexing.Resolve(bounds.Evaluate(scope), list.Count, Origin);
        return (list.Items, (start, Math.Max(0, stop - start)));
    }
}

/// <summary>The bounds of a slice; each may be missing.</summary>
internal sealed record SliceBounds(Expression? Start, Expression? Stop, Expression? Step)
{
    internal ConfigValue?[] Evaluate(Scope scope) =>
        [Start?.Evaluate(scope), Stop?.Evaluate(scope), Step?.Evaluate(scope)];
}

/// <summary><c>a.name</c>: only a method, at once called, has a meaning.</summary>
internal sealed class AttributeExpression(Expression target, string name, ConfigOrigin origin)
    : Expression(origin), ITarget
{
    internal Expression Target => target;

    internal string Name => name;

    public void Assign(Scope scope, ConfigValue value) => Evaluate(scope);

    public void Delete(Scope scope) => Evaluate(scope);

    internal override ConfigValue Evaluate(Scope scope)
    {
        var value = target.Evaluate(scope);
        throw Fail(value is ConfigNode
            ? $"the keys of a dict are not attributes here. Write ['{name}'] instead of .{name}."
            : $"{value.Describe()} has no attribute {name} to use here. Methods must be called: .{name}().");
    }
}
