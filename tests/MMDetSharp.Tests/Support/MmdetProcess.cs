using System.Diagnostics;

using MMDetSharp.Cli;

namespace MMDetSharp.Tests.Support;

/// <summary>How an <c>mmdet</c> command ended.</summary>
/// <param name="ExitCode">0, 1 (failed) or 2 (wrong usage).</param>
/// <param name="Output">What it printed to stdout.</param>
/// <param name="Errors">What it printed to stderr.</param>
internal sealed record MmdetResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The result itself, if the command succeeded.</summary>
    internal MmdetResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Errors}");
        return this;
    }

    /// <summary>Checks that it failed with one message that has all these parts, and no stack trace.</summary>
    internal void Failed(int exitCode, params string[] parts)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode}: {Errors}");
        Assert.Single(Errors.Split('\n'), line => line.StartsWith("mmdet: ", StringComparison.Ordinal));
        var message = Errors[Errors.IndexOf("mmdet: ", StringComparison.Ordinal)..];
        Assert.All(
            parts,
            part => Assert.True(message.Contains(part, StringComparison.Ordinal), $"'{part}' is not in: {message}"));
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of the program", Errors, StringComparison.Ordinal);
    }
}

/// <summary>The <c>mmdet</c> command under test.</summary>
internal static class MmdetProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it in a process of its own, as a user does.</summary>
    internal static Task<MmdetResult> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    /// <summary>How <see cref="RunAsync(string[])"/> starts it, for a test that changes its environment.</summary>
    internal static ProcessStartInfo Start(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "mmdet.dll"), .. arguments]);

    /// <summary>Runs a process to its end, on the pool's threads: the tests' own may all be busy.</summary>
    internal static async Task<MmdetResult> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        return new MmdetResult(
            process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    /// <summary>Runs it in this process, which is faster; only in tests that use <see cref="UsesConsole"/>.</summary>
    internal static MmdetResult Run(params string[] arguments)
    {
        var (console, errorConsole) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        try
        {
            Console.SetOut(output);
            Console.SetError(errors);
            return new MmdetResult(CommandLine.Run(arguments), output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(errorConsole);
        }
    }
}
