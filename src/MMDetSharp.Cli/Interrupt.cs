namespace MMDetSharp.Cli;

/// <summary>Turns the first Ctrl-C into a request to stop in order; the second one stops at once.</summary>
internal sealed class Interrupt : IDisposable
{
    /// <summary>What shells expect of a command that Ctrl-C ended.</summary>
    internal const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();

    internal Interrupt() => Console.CancelKeyPress += OnCancel;

    /// <summary>Is cancelled by Ctrl-C.</summary>
    internal CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancel;
        _source.Dispose();
    }

    private void OnCancel(object? sender, ConsoleCancelEventArgs arguments)
    {
        arguments.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
