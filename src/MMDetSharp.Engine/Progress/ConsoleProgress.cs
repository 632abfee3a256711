using System.Diagnostics;
using System.Globalization;

namespace MMDetSharp.Engine.Progress;

/// <summary>Lines for a terminal or a log: one each log interval, and on a terminal one that changes at every step.</summary>
public sealed class ConsoleProgress : IRunProgress
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _writer;
    private readonly bool _isLive;
    private readonly Lock _lock = new();
    private long _drawn;
    private int _width;

    /// <param name="writer">Where to; standard error when left out.</param>
    /// <param name="isLive">Whether a line may be overwritten; when left out, whether standard error is a terminal.</param>
    public ConsoleProgress(TextWriter? writer = null, bool? isLive = null)
    {
        _writer = writer ?? Console.Error;
        _isLive = isLive ?? (writer is null && !Console.IsErrorRedirected);
    }

    /// <inheritdoc/>
    public void Message(string text)
    {
        lock (_lock)
        {
            Erase();
            _writer.WriteLine(text);
        }
    }

    /// <inheritdoc/>
    public void Update(ProgressReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_lock)
        {
            if (report.IsLogged)
            {
                Erase();
                _writer.WriteLine(Line(report));
            }

            if (_isLive && (report.Done >= report.Total || Stopwatch.GetElapsedTime(_drawn) >= Redraw))
            {
                Draw(report);
            }
        }
    }

    /// <summary>The report as a line: <c>epoch 1/12   50/7330  loss 1.2345  lr 1.0e-02  11.9 img/s  left 1:02:03</c>.</summary>
    internal static string Line(ProgressReport report)
    {
        var epoch = report.Epoch > 0 ? $"epoch {report.Epoch}/{report.MaxEpochs}  " : "";
        var width = report.Total.ToString(CultureInfo.InvariantCulture).Length;
        var done = report.Done.ToString(CultureInfo.InvariantCulture).PadLeft(width);
        return $"{report.Task}  {epoch}{done}/{report.Total}{Numbers(report)}";
    }

    private static string Numbers(ProgressReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        var loss = report.Loss is { } value ? string.Create(culture, $"  loss {value:F4}") : "";
        var rate = report.LearningRate is { } number ? string.Create(culture, $"  lr {number:0.00e+00}") : "";
        var speed = report.ImagesPerSecond > 0 ? string.Create(culture, $"  {report.ImagesPerSecond:F1} img/s") : "";
        var left = report.Left is { } time ? $"  left {LogText.Duration(time)}" : "";
        return loss + rate + speed + left;
    }

    private void Draw(ProgressReport report)
    {
        _drawn = Stopwatch.GetTimestamp();
        var filled = report.Total > 0 ? (int)(BarWidth * Math.Min(report.Done, report.Total) / report.Total) : 0;
        var bar = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {Line(report)}";
        var room = WindowWidth() - 1;
        bar = room > 0 && bar.Length > room ? bar[..room] : bar;
        _writer.Write('\r' + bar.PadRight(_width));
        _width = bar.Length;
        if (report.Done >= report.Total)
        {
            Erase();
        }
    }

    private void Erase()
    {
        if (_width > 0)
        {
            _writer.Write('\r' + new string(' ', _width) + '\r');
            _width = 0;
        }
    }

    // A terminal without a size (a pipe behind it) says 0 or fails.
    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
