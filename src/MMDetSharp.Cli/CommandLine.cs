using System.CommandLine;

namespace MMDetSharp.Cli;

/// <summary>The <c>mmdet</c> command: its verbs, and what happens when one fails.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly Option<bool> s_debug = new("--debug")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    /// <summary>Parses one command line, runs its verb, and tells an error in one line.</summary>
    /// <returns>0, 1 (failed) or 2 (wrong usage); 130 after Ctrl-C.</returns>
    internal static int Run(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"mmdet: {UsageText.Of(parsed)}");
            Console.Error.WriteLine($"Try: ./mmdet {UsageText.Verbs(parsed)}--help");
            return WrongUsage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Interrupt.ExitCode;
        }
        catch (UsageException error)
        {
            Console.Error.WriteLine($"mmdet: {error.Message}");
            return WrongUsage;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return Report(error, parsed.GetValue(s_debug));
        }
    }

    internal static RootCommand Root() => new("Trains, tests and runs object detectors from MMDetection's configs.")
    {
        QuickstartCommand.Create(),
        TrainCommand.Create(),
        TestCommand.Create(),
        DemoCommand.Create(),
        ConfigCommand.Create(),
        ConvertCommand.Create(),
        AnalyzeCommand.Create(),
        EnvCommand.Create(),
        s_debug,
    };

    private static int Report(Exception error, bool debug)
    {
        var message = ErrorText.Of(error);
        Console.Error.WriteLine($"mmdet: {message}");
        if (debug)
        {
            Console.Error.WriteLine(error);
        }
        else if (!ErrorText.IsExpected(error))
        {
            Console.Error.WriteLine("This is a fault of the program. Run it again with --debug and report what it prints.");
        }

        return Failed;
    }
}
