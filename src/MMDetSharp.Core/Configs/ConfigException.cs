namespace MMDetSharp.Core.Configs;

/// <summary>A config that cannot be read or built. The message names the place and what to do.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>An error at a line of a config.</summary>
    /// <param name="origin">The place, which begins the message.</param>
    /// <param name="message">What must be so, what was found, and what to do.</param>
    /// <param name="cause">The error of the class that refused the options, where there is one.</param>
    public ConfigException(ConfigOrigin origin, string message, Exception? cause = null)
        : base($"{origin}: {message}", cause) => Origin = origin;

    /// <summary>An error that has no place in a config.</summary>
    /// <param name="message">The whole message.</param>
    public ConfigException(string message)
        : base(message)
    {
    }

    private ConfigException(string place, ConfigOrigin origin, string message)
        : base($"{place}: {message}") => Origin = origin;

    /// <summary>The place of the error, where there is one.</summary>
    public ConfigOrigin? Origin { get; }

    /// <summary>An error inside a line: the message names the column as well.</summary>
    internal static ConfigException AtColumn(ConfigOrigin origin, string message) =>
        new(origin.WithColumn(), origin, message);
}
