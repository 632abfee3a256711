using System.Text;

namespace MMDetSharp.Core.Configs;

/// <summary>Writes a config as plain JSON.</summary>
/// <remarks>
/// Tuples and sets become arrays, None null; a float keeps its point, so that <c>1.0</c> and <c>1</c> differ. JSON has
/// no infinity: it is written as the text <c>"Infinity"</c>, <c>"-Infinity"</c> or <c>"NaN"</c>.
/// </remarks>
public static class ConfigJsonWriter
{
    private const int Indent = 2;

    /// <summary>The JSON text of a value; a line break ends it.</summary>
    /// <param name="value">The root of a config, or any part of it.</param>
    public static string Write(ConfigValue value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, ConfigValue value, int indent)
    {
        switch (value)
        {
            case ConfigNode node:
                WriteObject(text, node, indent);
                break;
            case ConfigSequence sequence:
                WriteArray(text, sequence, indent);
                break;
            default:
                WriteScalar(text, ((ConfigScalar)value).Content);
                break;
        }
    }

    private static void WriteObject(StringBuilder text, ConfigNode node, int indent)
    {
        if (node.Count == 0)
        {
            text.Append("{}");
            return;
        }

        text.Append('{');
        for (var i = 0; i < node.Count; i++)
        {
            NewLine(text.Append(i == 0 ? "" : ","), indent + Indent);
            WriteString(text, node.Entries[i].Name);
            text.Append(": ");
            Write(text, node.Entries[i].Value, indent + Indent);
        }

        NewLine(text, indent).Append('}');
    }

    private static void WriteArray(StringBuilder text, ConfigSequence sequence, int indent)
    {
        var isFlat = sequence.Items.TrueForAll(item => item is ConfigScalar);
        text.Append('[');
        for (var i = 0; i < sequence.Count; i++)
        {
            text.Append(i == 0 ? "" : isFlat ? ", " : ",");
            if (!isFlat)
            {
                NewLine(text, indent + Indent);
            }

            Write(text, sequence[i], indent + Indent);
        }

        if (!isFlat)
        {
            NewLine(text, indent);
        }

        text.Append(']');
    }

    private static StringBuilder NewLine(StringBuilder text, int indent) => text.Append('\n').Append(' ', indent);

    private static void WriteScalar(StringBuilder text, object? content)
    {
        switch (content)
        {
            case string word:
                WriteString(text, word);
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case double number when !double.IsFinite(number):
                text.Append(double.IsNaN(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
                break;
            case double number:
                text.Append(PythonText.Repr(number));
                break;
            case long number:
                text.Append(number);
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void WriteString(StringBuilder text, string word)
    {
        text.Append('"');
        foreach (var character in word)
        {
            switch (character)
            {
                case '"' or '\\':
                    text.Append('\\').Append(character);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case < ' ' or '\x7f' or '\u2028' or '\u2029' or (>= '\ud800' and <= '\udfff'):
                    text.Append($"\\u{(int)character:x4}");
                    break;
                default:
                    text.Append(character);
                    break;
            }
        }

        text.Append('"');
    }
}
