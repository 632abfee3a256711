using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>One argument of a call: <c>x</c>, <c>*x</c>, <c>name=x</c> or <c>**x</c>.</summary>
/// <param name="Name">The keyword, or null.</param>
/// <param name="Value">The value; starred for <c>*x</c>.</param>
/// <param name="IsUnpacked">Whether it is <c>**x</c>.</param>
/// <param name="Origin">Where it begins.</param>
internal sealed record Argument(string? Name, Expression Value, bool IsUnpacked, ConfigOrigin Origin);

/// <summary>A call of a known function, or of a method of a value.</summary>
internal sealed class CallExpression(Expression callee, List<Argument> arguments, ConfigOrigin origin)
    : Expression(origin)
{
    /// <summary>The first argument: what an error says.</summary>
    internal Expression? FirstArgument => arguments.Count > 0 ? arguments[0].Value : null;

    internal override ConfigValue Evaluate(Scope scope)
    {
        if (callee is AttributeExpression method)
        {
            return Methods.Call(method.Target.Evaluate(scope), method.Name, Evaluate(arguments, scope), method.Origin);
        }

        if (callee is NameExpression name && scope.Find(name.Name) is null && !Functions.IsKnown(name.Name))
        {
            throw Functions.Unknown(name.Name, Origin);
        }

        return callee.Evaluate(scope) is FunctionName function
            ? Functions.Call(function.Name, Evaluate(arguments, scope))
            : throw Fail("only the known functions and methods can be called. Write the value itself.");
    }

    private Arguments Evaluate(List<Argument> list, Scope scope)
    {
        var values = new Arguments(Origin);
        foreach (var argument in list)
        {
            Add(values, argument, scope);
        }

        return values;
    }

    private static void Add(Arguments values, Argument argument, Scope scope)
    {
        if (argument.IsUnpacked)
        {
            var other = argument.Value.Evaluate(scope) as ConfigNode
                ?? throw argument.Value.Fail("'**' needs a dict. Put one there, or '*' for a list.");
            foreach (var entry in other)
            {
                values.AddKeyword(entry, argument.Origin);
            }
        }
        else if (argument.Name is not null)
        {
            var key = new ConfigScalar(argument.Name, argument.Origin);
            values.AddKeyword(new ConfigEntry(key, argument.Value.Evaluate(scope), argument.Origin), argument.Origin);
        }
        else
        {
            values.Positional.AddRange(StarredExpression.EvaluateAll([argument.Value], scope));
        }
    }
}
