using System.Text;
using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>Strings that stand side by side: <c>'a' f'{b}'</c>.</summary>
internal sealed class JoinedStringExpression(List<Expression> parts) : Expression(parts[0].Origin)
{
    internal override ConfigValue Evaluate(Scope scope)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(((ConfigScalar)part.Evaluate(scope)).Content);
        }

        return new ConfigScalar(text.ToString(), Origin);
    }
}
