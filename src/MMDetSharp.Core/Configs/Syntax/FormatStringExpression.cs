using System.Text;
using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Syntax;

/// <summary>A part of an f-string: text, or a value with its conversion and format.</summary>
/// <param name="Text">The text, where <paramref name="Value"/> is null.</param>
/// <param name="Value">The expression in braces.</param>
/// <param name="Conversion">'r', 's', 'a', or '\0' for none.</param>
/// <param name="Format">The format after the colon, which may hold values itself.</param>
internal sealed record FormatPart(string Text, Expression? Value, char Conversion, FormatStringExpression? Format);

/// <summary><c>f'{a:.2f}'</c>.</summary>
internal sealed class FormatStringExpression(List<FormatPart> parts, ConfigOrigin origin) : Expression(origin)
{
    internal override ConfigValue Evaluate(Scope scope) => new ConfigScalar(Render(scope), Origin);

    internal string Render(Scope scope)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Value is null ? part.Text : Render(part, scope));
        }

        return text.ToString();
    }

    private string Render(FormatPart part, Scope scope)
    {
        var value = TextFormat.Convert(part.Value!.Evaluate(scope), part.Conversion);
        return TextFormat.Apply(value, part.Format?.Render(scope) ?? "", Origin);
    }
}
