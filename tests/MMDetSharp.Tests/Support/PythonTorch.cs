using System.Diagnostics;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// Python's PyTorch, where it is installed (Debian: <c>apt-get install python3-torch</c>): a peer, never a part.
/// </summary>
internal static class PythonTorch
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<bool> Installed = new(() =>
        File.Exists(Interpreter)
        && Start("import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)", []).ExitCode == 0);

    /// <summary>Whether scripts can import torch.</summary>
    internal static bool IsInstalled => Installed.Value;

    /// <summary>Runs a script; <c>sys.argv[1:]</c> are the arguments.</summary>
    /// <returns>What it printed.</returns>
    internal static string Run(string script, params string[] arguments)
    {
        var (code, output, error) = Start(script, arguments);
        Assert.True(code == 0, $"The Python script failed with {code}:\n{error}");
        return output;
    }

    private static (int ExitCode, string Output, string Error) Start(string script, string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
