using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>A name: one that was assigned, or a known function.</summary>
internal sealed class NameExpression(string name, ConfigOrigin origin) : Expression(origin), ITarget
{
    internal string Name => name;

    public void Assign(Scope scope, ConfigValue value) => scope.Names.Set(name, value, Origin);

    public void Delete(Scope scope)
    {
        if (scope.Names.Remove(name) is null)
        {
            throw Unknown(scope);
        }
    }

    internal override ConfigValue Evaluate(Scope scope)
    {
        var value = scope.Find(name);
        if (value is ImportedName)
        {
            throw Fail($"{name} is an import, and imports have no effect in a config. Write the value itself.");
        }

        return value ?? (Functions.IsKnown(name) ? new FunctionName(name, Origin) : throw Unknown(scope));
    }

    private ConfigException Unknown(Scope scope)
    {
        if (name is "__file__")
        {
            return Fail("the name __file__ is not known here. Write '{{ fileDirname }}/{{ fileBasename }}'.");
        }

        var nearest = NearestName.Of(name, scope.AllNames());
        var advice = NearestName.Question(nearest, "Assign it first.");
        return Fail($"the name {name} was not assigned before this line. {advice}");
    }
}
