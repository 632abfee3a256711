using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>
/// Says plainly when a file names functions that a model has no use for and that could do harm in Python. Nothing of
/// any file is ever run here; the file is refused because it cannot be what it claims to be.
/// </summary>
internal static class PickleDangers
{
    private static readonly HashSet<string> s_modules =
    [
        "os", "nt", "posix", "subprocess", "sys", "shutil", "socket", "pty", "ctypes", "importlib", "runpy", "code",
        "webbrowser", "requests", "urllib", "http", "asyncio", "multiprocessing", "commands", "pickle", "marshal",
        "platform", "signal", "tempfile", "threading",
    ];

    private static readonly HashSet<string> s_builtins =
    [
        "eval", "exec", "execfile", "compile", "__import__", "open", "input", "breakpoint", "globals", "vars", "setattr",
    ];

    /// <summary>Fails when the file names such a function.</summary>
    /// <exception cref="CheckpointException">It does; the message names them.</exception>
    internal static void Refuse(Checkpoint checkpoint)
    {
        List<string> found = [.. checkpoint.PickledNames.Where(IsDangerous).Order(StringComparer.Ordinal)];
        if (found.Count > 0)
        {
            throw new CheckpointException(
                $"{checkpoint.FileName}: the file names {string.Join(", ", found)}, which a model has no use for: " +
                "opened in " +
                "Python it could run a program of its author's choice. Nothing of it was run here. Do not open it in " +
                "Python, and get the model from a source that you trust.");
        }
    }

    private static bool IsDangerous(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var module = dot < 0 ? name : name[..dot];
        return s_modules.Contains(module)
            || (module is "builtins" or "__builtin__" && s_builtins.Contains(name[(dot + 1)..]));
    }
}
