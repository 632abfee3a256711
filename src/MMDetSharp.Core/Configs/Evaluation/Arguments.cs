namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The evaluated arguments of a call.</summary>
/// <param name="origin">Where the call stands.</param>
internal sealed class Arguments(ConfigOrigin origin)
{
    internal ConfigOrigin Origin => origin;

    internal List<ConfigValue> Positional { get; } = [];

    internal ConfigNode Keywords { get; } = new(origin);

    internal int Count => Positional.Count;

    internal ConfigValue this[int index] => Positional[index];

    internal void AddKeyword(ConfigEntry entry, ConfigOrigin at)
    {
        if (entry.Key.Kind != ConfigKind.String)
        {
            throw ConfigException.AtColumn(
                at, $"the keys of a call must be strings, found {entry.Key.Describe()}. Write the dict with braces.");
        }

        if (Keywords.Find(entry.Key) is not null)
        {
            throw ConfigException.AtColumn(
                at, $"the key {entry.Name} is given twice. Remove one, or write {{**a, '{entry.Name}': ...}}.");
        }

        Keywords.Set(entry.Key, entry.Value, entry.Origin);
    }

    /// <summary>Checks the number of positional arguments, and that there is no keyword but those named.</summary>
    internal void Expect(string function, int least, int most, params ReadOnlySpan<string> keywords)
    {
        if (Count < least || Count > most)
        {
            var range = least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";
            throw Fail($"{function}() needs {range} arguments, found {Count}. Correct the call.");
        }

        foreach (var entry in Keywords)
        {
            if (!keywords.Contains(entry.Name))
            {
                throw Fail($"{function}() has no argument {entry.Name} here. Remove it.");
            }
        }
    }

    /// <summary>A positional argument, or the keyword, or null.</summary>
    internal ConfigValue? Optional(int index, string keyword = "") =>
        index < Count ? Positional[index] : Keywords.Find(keyword)?.Value;

    internal string Text(int index, string function) => this[index] is ConfigScalar { Content: string text }
        ? text
        : throw Fail($"{function}() needs a str, found {this[index].Describe()}. Put quotes around it.");

    internal long Integer(int index, string function) => Numbers.IsInteger(this[index], out var number)
        ? number
        : throw Fail($"{function}() needs an int, found {this[index].Describe()}. Correct the argument.");

    internal ConfigScalar Scalar(object? content) => new(content, origin);

    internal ConfigSequence List(List<ConfigValue> items) => new(ConfigKind.List, items, origin);

    internal ConfigException Fail(string message) => ConfigException.AtColumn(origin, message);
}
