using System.Text;

namespace MMDetSharp.Core.Configs;

/// <summary>Writes a config as Python text: reading the text again gives an equal config.</summary>
/// <remarks>As mmcv's <c>pretty_text</c>: an assignment per key, dicts as <c>dict(...)</c>.</remarks>
public static class ConfigPythonWriter
{
    private const int Width = 79;
    private const int Indent = 4;

    /// <summary>The text of a config; a line break ends it.</summary>
    /// <param name="root">The root of a config.</param>
    /// <exception cref="ConfigException">A key of the root cannot be a name in Python; use JSON then.</exception>
    public static string Write(ConfigNode root)
    {
        var text = new StringBuilder();
        foreach (var entry in root)
        {
            if (!IsFunction(entry.Name))
            {
                WriteAssignment(text, entry);
            }
        }

        // A key such as 'dict' hides the function of that name from the lines below it: so it comes last.
        foreach (var entry in root)
        {
            if (IsFunction(entry.Name))
            {
                WriteAssignment(text, entry);
            }
        }

        return text.ToString();
    }

    private static bool IsFunction(string name) => name is "dict" or "set" or "float";

    private static void WriteAssignment(StringBuilder text, ConfigEntry entry)
    {
        if (!IsName(entry.Key) || entry.Name.StartsWith("__", StringComparison.Ordinal))
        {
            throw new ConfigException(
                entry.Origin, $"the key {entry.Key} cannot be a name in Python. Rename it, or write JSON.");
        }

        WriteValue(text.Append(entry.Name).Append(" = "), entry.Value, entry.Name.Length + 3, 0);
        text.Append('\n');
    }

    /// <summary>Writes a value on one line where it fits, else with an item per line.</summary>
    /// <param name="text">Where to write.</param>
    /// <param name="value">The value.</param>
    /// <param name="column">How long the line is already; one more is needed for the comma.</param>
    /// <param name="indent">The indentation of the line.</param>
    private static void WriteValue(StringBuilder text, ConfigValue value, int column, int indent)
    {
        var start = text.Length;
        if (TryWriteFlat(text, value, Width - column - 1))
        {
            return;
        }

        text.Length = start;
        if (value is ConfigNode node)
        {
            WriteNode(text, node, indent);
        }
        else
        {
            WriteItems(text, (ConfigSequence)value, indent);
        }
    }

    private static void WriteNode(StringBuilder text, ConfigNode node, int indent)
    {
        var isCall = IsCall(node);
        text.Append(isCall ? "dict(" : "{");
        for (var i = 0; i < node.Count; i++)
        {
            var entry = node.Entries[i];
            var key = isCall ? entry.Name + "=" : Flat(entry.Key) + ": ";
            text.Append(i == 0 ? "\n" : ",\n").Append(' ', indent + Indent).Append(key);
            WriteValue(text, entry.Value, indent + Indent + key.Length, indent + Indent);
        }

        text.Append(isCall ? ')' : '}');
    }

    private static void WriteItems(StringBuilder text, ConfigSequence sequence, int indent)
    {
        var (open, close) = Brackets(sequence);
        var isFlat = sequence.Items.TrueForAll(item => item is ConfigScalar);
        text.Append(open);
        var column = Width;
        for (var i = 0; i < sequence.Count; i++)
        {
            var length = isFlat ? Flat(sequence[i]).Length + 2 : Width;
            var fits = isFlat && column + length <= Width;
            text.Append(i == 0 ? "" : fits ? ", " : ",");
            if (!fits)
            {
                text.Append('\n').Append(' ', indent + Indent);
                column = indent + Indent;
            }

            WriteValue(text, sequence[i], column, indent + Indent);
            column += length;
        }

        text.Append(Single(sequence)).Append('\n').Append(' ', indent).Append(close);
    }

    /// <summary>Writes on one line; false, with a torn text, where it does not fit. Scalars always fit.</summary>
    private static bool TryWriteFlat(StringBuilder text, ConfigValue value, int room)
    {
        if (value is ConfigScalar scalar)
        {
            text.Append(Scalar(scalar));
            return true;
        }

        var end = text.Length + room;
        return value is ConfigNode node
            ? TryWriteFlat(text, node, end)
            : TryWriteFlat(text, (ConfigSequence)value, end);
    }

    private static bool TryWriteFlat(StringBuilder text, ConfigNode node, int end)
    {
        var isCall = IsCall(node);
        text.Append(isCall ? "dict(" : "{");
        for (var i = 0; i < node.Count; i++)
        {
            var entry = node.Entries[i];
            text.Append(i == 0 ? "" : ", ").Append(isCall ? entry.Name : Flat(entry.Key)).Append(isCall ? "=" : ": ");
            if (!TryWriteFlat(text, entry.Value, end - text.Length) || text.Length > end)
            {
                return false;
            }
        }

        text.Append(isCall ? ')' : '}');
        return text.Length <= end || node.Count == 0;
    }

    private static bool TryWriteFlat(StringBuilder text, ConfigSequence sequence, int end)
    {
        var (open, close) = Brackets(sequence);
        text.Append(open);
        for (var i = 0; i < sequence.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            if (!TryWriteFlat(text, sequence[i], end - text.Length) || text.Length > end)
            {
                return false;
            }
        }

        text.Append(Single(sequence)).Append(close);
        return text.Length <= end || sequence.Count == 0;
    }

    private static string Flat(ConfigValue value)
    {
        var text = new StringBuilder();
        TryWriteFlat(text, value, int.MaxValue / 2);
        return text.ToString();
    }

    private static string Scalar(ConfigScalar scalar) => scalar.Content switch
    {
        double number when !double.IsFinite(number) => $"float('{PythonText.Repr(number)}')",

        // Two braces in a string could be read as a template, such as {{ fileDirname }}.
        string text when text.Contains("{{", StringComparison.Ordinal) =>
            PythonText.Repr(text).Replace("{{", "{\\x7b", StringComparison.Ordinal),
        _ => PythonText.Repr(scalar),
    };

    private static (string Open, string Close) Brackets(ConfigSequence sequence) => sequence.Kind switch
    {
        ConfigKind.List => ("[", "]"),
        ConfigKind.Tuple => ("(", ")"),
        _ when sequence.Count == 0 => ("set(", ")"),
        _ => ("{", "}"),
    };

    /// <summary>The comma that makes a tuple of one item a tuple.</summary>
    private static string Single(ConfigSequence sequence) =>
        sequence is { Kind: ConfigKind.Tuple, Count: 1 } ? "," : "";

    /// <summary>Whether every key can stand left of <c>=</c> in <c>dict(...)</c>.</summary>
    private static bool IsCall(ConfigNode node)
    {
        foreach (var entry in node)
        {
            if (!IsName(entry.Key))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsName(ConfigValue key) =>
        key is ConfigScalar { Content: string name } && PythonText.IsIdentifier(name);
}
