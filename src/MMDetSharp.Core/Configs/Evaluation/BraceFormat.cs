using System.Globalization;
using System.Text;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Python's <c>'{} {name:.2f}'.format(values)</c>.</summary>
internal static class BraceFormat
{
    internal static string Apply(string format, Arguments call)
    {
        var next = 0;
        return Render(format, call, ref next, depth: 0);
    }

    private static string Render(string format, Arguments call, ref int next, int depth)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var character = format[i];
            if (character is '{' or '}' && i + 1 < format.Length && format[i + 1] == character)
            {
                result.Append(character);
                i++;
            }
            else if (character == '{')
            {
                var close = Close(format, i, call, depth);
                result.Append(Field(format[(i + 1)..close], call, ref next, depth));
                i = close;
            }
            else
            {
                result.Append(character != '}' ? character : throw Unbalanced(call));
            }
        }

        return result.ToString();
    }

    private static int Close(string format, int open, Arguments call, int depth)
    {
        var level = 0;
        for (var i = open; i < format.Length && depth < 2; i++)
        {
            level += format[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (level == 0)
            {
                return i;
            }
        }

        throw Unbalanced(call);
    }

    private static string Field(string field, Arguments call, ref int next, int depth)
    {
        var colon = field.IndexOf(':');
        var specification = colon < 0 ? "" : Render(field[(colon + 1)..], call, ref next, depth + 1);
        var name = colon < 0 ? field : field[..colon];
        var mark = name.IndexOf('!');
        var conversion = mark >= 0 && mark + 1 < name.Length ? name[mark + 1] : '\0';
        var value = Lookup(mark < 0 ? name : name[..mark], call, ref next);
        return TextFormat.Apply(TextFormat.Convert(value, conversion), specification, call.Origin);
    }

    private static ConfigValue Lookup(string path, Arguments call, ref int next)
    {
        var end = path.AsSpan().IndexOfAny('[', '.');
        var name = end < 0 ? path : path[..end];
        var value = First(name, call, ref next);
        var rest = end < 0 ? "" : path[end..];
        while (rest.Length > 0)
        {
            var close = rest.IndexOf(']');
            if (rest[0] != '[' || close < 0)
            {
                throw call.Fail("only items can be looked up in a format. Write {name[key]}.");
            }

            value = Indexing.Get(value, Key(rest[1..close], call), call.Origin);
            rest = rest[(close + 1)..];
        }

        return value;
    }

    private static ConfigValue First(string name, Arguments call, ref int next)
    {
        var isIndex = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        if (name.Length == 0 || isIndex)
        {
            index = name.Length == 0 ? next++ : index;
            return index < call.Count ? call[index] : throw call.Fail(
                $"the format needs more than {call.Count} values. Add them as arguments of format().");
        }

        return call.Keywords.Find(name)?.Value
            ?? throw call.Fail($"the format needs a value {name}. Add {name}=... to format().");
    }

    private static ConfigScalar Key(string text, Arguments call) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? call.Scalar(index)
            : call.Scalar(text);

    private static ConfigException Unbalanced(Arguments call) =>
        call.Fail("every '{' of a format needs its '}'. Double them to mean the characters themselves.");
}
