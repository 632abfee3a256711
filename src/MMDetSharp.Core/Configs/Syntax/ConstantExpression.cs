using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>A number, string, True, False or None.</summary>
internal sealed class ConstantExpression(object? content, ConfigOrigin origin) : Expression(origin)
{
    private readonly ConfigScalar _value = new(content, origin);

    /// <summary>What the literal stands for: null, bool, long, double or string.</summary>
    internal object? Content => _value.Content;

    internal override ConfigValue Evaluate(Scope scope) => _value;
}
