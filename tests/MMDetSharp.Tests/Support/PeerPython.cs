using System.Diagnostics;

namespace MMDetSharp.Tests.Support;

/// <summary>Debian's Python as an independent peer. The product never needs it; tests compare with it where it is.</summary>
internal static class PeerPython
{
    private const string Program = "/usr/bin/python3";

    /// <summary>Why a peer module cannot be used, or null when it can.</summary>
    internal static string? Missing(string module) =>
        !File.Exists(Program) ? $"{Program} is missing."
        : Directory.Exists($"/usr/lib/python3/dist-packages/{module}")
          || Directory.GetFiles("/usr/lib/python3/dist-packages", $"{module}.*").Length > 0 ? null
        : $"Debian's Python module {module} is missing: apt-get install {Package(module)}.";

    /// <summary>Runs a script; fails the test with its messages when it fails.</summary>
    internal static string Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Program} failed: {errors.GetAwaiter().GetResult()}");
        return output;
    }

    private static string Package(string module) => module == "cv2" ? "python3-opencv" : $"python3-{module}";
}
