namespace MMDetSharp.Engine.Progress;

/// <summary>Takes all reports and shows none: the default in a program that uses the library.</summary>
public sealed class SilentProgress : IRunProgress
{
    /// <summary>The only one that is needed.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Message(string text)
    {
    }

    /// <inheritdoc/>
    public void Update(ProgressReport report)
    {
    }
}
