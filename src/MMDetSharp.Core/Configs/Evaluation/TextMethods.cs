using System.Globalization;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The methods of a str.</summary>
internal static class TextMethods
{
    internal static readonly Dictionary<string, Func<string, Arguments, ConfigValue>> Table = new()
    {
        ["format"] = (text, call) => call.Scalar(BraceFormat.Apply(text, call)),
        ["join"] = Join,
        ["split"] = Split,
        ["splitlines"] = (text, call) => Texts(text.TrimEnd('\n').Split('\n'), call),
        ["replace"] = Replace,
        ["lower"] = (text, call) => Simple(call, "lower", text.ToLowerInvariant()),
        ["upper"] = (text, call) => Simple(call, "upper", text.ToUpperInvariant()),
        ["capitalize"] = (text, call) => Simple(call, "capitalize", Capitalize(text)),
        ["title"] = (text, call) => Simple(
            call, "title", CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant())),
        ["strip"] = (text, call) => call.Scalar(Strip(text, call, atStart: true, atEnd: true)),
        ["lstrip"] = (text, call) => call.Scalar(Strip(text, call, atStart: true, atEnd: false)),
        ["rstrip"] = (text, call) => call.Scalar(Strip(text, call, atStart: false, atEnd: true)),
        ["startswith"] = (text, call) => Affix(call, "startswith", text.StartsWith),
        ["endswith"] = (text, call) => Affix(call, "endswith", text.EndsWith),
        ["removeprefix"] = RemovePrefix,
        ["removesuffix"] = RemoveSuffix,
        ["zfill"] = ZeroFill,
        ["find"] = (text, call) => call.Scalar((long)text.IndexOf(call.Text(0, "find"), StringComparison.Ordinal)),
        ["count"] = Count,
        ["isdigit"] = (text, call) => Simple(call, "isdigit", text.Length > 0 && text.All(char.IsDigit)),
    };

    private static ConfigScalar Simple(Arguments call, string name, object result)
    {
        call.Expect(name, 0, 0);
        return call.Scalar(result);
    }

    private static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static ConfigScalar Join(string text, Arguments call)
    {
        call.Expect("join", 1, 1);
        var parts = Iteration.Items(call[0], call.Origin).ConvertAll(item => Part(item, "join", call));
        return call.Scalar(string.Join(text, parts));
    }

    private static ConfigSequence Split(string text, Arguments call)
    {
        call.Expect("split", 0, 2, "maxsplit");
        var most = call.Optional(1, "maxsplit") is { } given && Numbers.IsInteger(given, out var count) && count >= 0
            ? (int)Math.Min(count, int.MaxValue - 1) + 1
            : int.MaxValue;
        if (call.Count > 0 && !call[0].IsNone)
        {
            return Texts(text.Split(call.Text(0, "split"), most), call);
        }

        var words = text.Trim().Split((char[]?)null, most, StringSplitOptions.RemoveEmptyEntries);
        return Texts(words, call);
    }

    private static ConfigSequence Texts(string[] parts, Arguments call)
    {
        var items = new List<ConfigValue>(parts.Length);
        foreach (var part in parts)
        {
            items.Add(call.Scalar(part));
        }

        return call.List(items);
    }

    private static ConfigScalar Replace(string text, Arguments call)
    {
        call.Expect("replace", 2, 2);
        var old = call.Text(0, "replace");
        return old.Length == 0
            ? throw call.Fail("replace() needs a text to look for, found an empty one. Give it one.")
            : call.Scalar(text.Replace(old, call.Text(1, "replace"), StringComparison.Ordinal));
    }

    private static string Strip(string text, Arguments call, bool atStart, bool atEnd)
    {
        call.Expect("strip", 0, 1);
        var characters = call.Count == 0 || call[0].IsNone ? null : call.Text(0, "strip").ToCharArray();
        text = atStart ? text.TrimStart(characters) : text;
        return atEnd ? text.TrimEnd(characters) : text;
    }

    private static ConfigScalar Affix(Arguments call, string name, Func<string, StringComparison, bool> test)
    {
        call.Expect(name, 1, 1);
        var affixes = call[0].Kind == ConfigKind.Tuple ? Iteration.Items(call[0], call.Origin) : call.Positional;
        return call.Scalar(affixes.Exists(affix => test(Part(affix, name, call), StringComparison.Ordinal)));
    }

    private static string Part(ConfigValue item, string method, Arguments call) =>
        item is ConfigScalar { Content: string part }
            ? part
            : throw call.Fail($"{method}() needs strings, found {item.Describe()}. Use str().");

    private static ConfigScalar RemovePrefix(string text, Arguments call)
    {
        call.Expect("removeprefix", 1, 1);
        var prefix = call.Text(0, "removeprefix");
        return call.Scalar(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text);
    }

    private static ConfigScalar RemoveSuffix(string text, Arguments call)
    {
        call.Expect("removesuffix", 1, 1);
        var suffix = call.Text(0, "removesuffix");
        return call.Scalar(text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text);
    }

    private static ConfigScalar ZeroFill(string text, Arguments call)
    {
        call.Expect("zfill", 1, 1);
        var width = (int)Math.Clamp(call.Integer(0, "zfill"), 0, Iteration.LongestList);
        var sign = text.StartsWith('-') || text.StartsWith('+') ? text[..1] : "";
        return call.Scalar(sign + text[sign.Length..].PadLeft(Math.Max(0, width - sign.Length), '0'));
    }

    private static ConfigScalar Count(string text, Arguments call)
    {
        call.Expect("count", 1, 1);
        var part = call.Text(0, "count");
        return part.Length == 0
            ? call.Scalar((long)text.Length + 1)
            : call.Scalar((long)text.Split(part).Length - 1);
    }
}
