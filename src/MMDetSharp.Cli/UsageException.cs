namespace MMDetSharp.Cli;

/// <summary>Options that contradict each other or ask for nothing: the exit code is 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
