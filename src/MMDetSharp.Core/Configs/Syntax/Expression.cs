using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>An expression of a config file; it evaluates itself in a scope.</summary>
/// <param name="origin">Where it begins.</param>
internal abstract class Expression(ConfigOrigin origin)
{
    /// <summary>Where the expression begins.</summary>
    internal ConfigOrigin Origin { get; } = origin;

    internal abstract ConfigValue Evaluate(Scope scope);

    /// <summary>An error at this expression.</summary>
    internal ConfigException Fail(string message) => ConfigException.AtColumn(Origin, message);
}

/// <summary>What may stand left of <c>=</c>.</summary>
internal interface ITarget
{
    void Assign(Scope scope, ConfigValue value);

    void Delete(Scope scope);
}
