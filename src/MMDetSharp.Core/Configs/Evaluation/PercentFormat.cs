using System.Text;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Python's <c>'%s %05.2f' % values</c>.</summary>
internal static class PercentFormat
{
    internal static string Apply(string format, ConfigValue values, ConfigOrigin at)
    {
        var row = values is ConfigSequence { Kind: ConfigKind.Tuple } tuple ? tuple.Items : [values];
        var result = new StringBuilder();
        var (next, usesNames) = (0, false);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            var field = Field.Read(format, ref i, at);
            if (field.Type == '%')
            {
                result.Append('%');
                continue;
            }

            usesNames |= field.Name is not null;
            var value = field.Name is not null ? Named(values, field.Name, at) : Next(row, ref next, at);
            result.Append(field.Render(value, at));
        }

        return next < row.Count && !usesNames && values is not ConfigNode
            ? throw ConfigException.AtColumn(
                at, $"the format uses {next} of {row.Count} values. Add a % for each, or remove values.")
            : result.ToString();
    }

    private static ConfigValue Next(List<ConfigValue> row, ref int next, ConfigOrigin at) => next < row.Count
        ? row[next++]
        : throw ConfigException.AtColumn(at, $"the format needs more than {row.Count} values. Add them.");

    private static ConfigValue Named(ConfigValue values, string name, ConfigOrigin at) =>
        values is ConfigNode node && node.TryGet(name, out var value)
            ? value
            : throw ConfigException.AtColumn(at, $"the format needs a dict with the key {name}. Add it.");

    /// <summary>One <c>%...</c> of a format.</summary>
    private sealed record Field(string? Name, string Flags, string Width, string? Precision, char Type)
    {
        internal static Field Read(string format, ref int at, ConfigOrigin origin)
        {
            at++;
            var name = ReadName(format, ref at);
            var flags = Run(format, ref at, "#0- +");
            var width = Run(format, ref at, "0123456789");
            string? precision = null;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = Run(format, ref at, "0123456789");
            }

            return at < format.Length && "%sradiuxXofFeEgGc".Contains(format[at])
                ? new Field(name, flags, width, precision, format[at])
                : throw ConfigException.AtColumn(
                    origin, "after % a letter such as s, d or f must stand. Double the % to mean it itself.");
        }

        internal string Render(ConfigValue value, ConfigOrigin at)
        {
            if (Type is 's' or 'r' or 'a' or 'c')
            {
                var text = Type == 's' || Type == 'c' ? PythonText.Str(value) : PythonText.Repr(value);
                return TextFormat.Text(text, FormatSpecification.Parse((IsLeft ? "<" : ">") + Width + Dot, at));
            }

            if (!Numbers.IsNumber(value, out _))
            {
                throw ConfigException.AtColumn(at, $"%{Type} needs a number, found {value.Describe()}. Use %s.");
            }

            var isInteger = Type is 'd' or 'i' or 'u' or 'x' or 'X' or 'o';
            var type = Type is 'i' or 'u' ? 'd' : Type;
            return TextFormat.Apply(isInteger ? Truncated(value, at) : value, Specification(isInteger) + type, at);
        }

        private bool IsLeft => Flags.Contains('-');

        private string Dot => Precision is null ? "" : $".{(Precision.Length == 0 ? "0" : Precision)}";

        private string Specification(bool isInteger)
        {
            var align = IsLeft ? "<" : Flags.Contains('0') ? "0=" : ">";
            var sign = Flags.Contains('+') ? "+" : Flags.Contains(' ') ? " " : "";
            return align + sign + (Flags.Contains('#') ? "#" : "") + Width + (isInteger ? "" : Dot);
        }

        private ConfigScalar Truncated(ConfigValue value, ConfigOrigin at)
        {
            if (Numbers.IsInteger(value, out var integer))
            {
                return new ConfigScalar(integer, value.Origin);
            }

            return Type is 'd' or 'i' or 'u' && Numbers.IsNumber(value, out var number) && Math.Abs(number) < 9.2e18
                ? new ConfigScalar((long)number, value.Origin)
                : throw ConfigException.AtColumn(at, $"%{Type} needs an int, found {value.Describe()}. Use %f or %g.");
        }

        private static string? ReadName(string format, ref int at)
        {
            var close = at < format.Length && format[at] == '(' ? format.IndexOf(')', at) : -1;
            if (close < 0)
            {
                return null;
            }

            var name = format[(at + 1)..close];
            at = close + 1;
            return name;
        }

        private static string Run(string format, ref int at, string characters)
        {
            var start = at;
            while (at < format.Length && characters.Contains(format[at]))
            {
                at++;
            }

            return format[start..at];
        }
    }
}
