namespace MMDetSharp.Core.Configs;

/// <summary>A None, bool, int, float or str of a config.</summary>
public sealed class ConfigScalar : ConfigValue
{
    /// <summary>Wraps a plain value of .NET.</summary>
    /// <param name="content">null, or a bool, long, double or string.</param>
    /// <param name="origin">Where it was written.</param>
    /// <exception cref="ArgumentException">The content is of another type.</exception>
    public ConfigScalar(object? content, ConfigOrigin origin)
        : base(KindOf(content), origin) => Content = content;

    /// <summary>null, a <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</summary>
    public object? Content { get; }

    private static ConfigKind KindOf(object? content) => content switch
    {
        null => ConfigKind.None,
        string => ConfigKind.String,
        bool => ConfigKind.Bool,
        long => ConfigKind.Int,
        double => ConfigKind.Float,
        _ => throw new ArgumentException(
            $"ConfigScalar: the content must be null, bool, long, double or string, got {content.GetType()}."),
    };
}
