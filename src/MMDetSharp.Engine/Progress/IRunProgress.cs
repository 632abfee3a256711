namespace MMDetSharp.Engine.Progress;

/// <summary>Shows people what a long task does.</summary>
public interface IRunProgress
{
    /// <summary>Shows a line, or several, that stay.</summary>
    void Message(string text);

    /// <summary>Shows how far the task has come; called at every step.</summary>
    void Update(ProgressReport report);
}
