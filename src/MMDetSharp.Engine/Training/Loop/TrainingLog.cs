using System.Globalization;

using MMDetSharp.Engine.Progress;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The text log of a training: a file in the reference's format, and the same lines for people.</summary>
public sealed class TrainingLog : IDisposable
{
    private readonly StreamWriter? _file;

    /// <param name="path">The file, which is appended to; null for none.</param>
    /// <param name="progress">Shows the lines that people should see.</param>
    public TrainingLog(string? path, IRunProgress progress)
    {
        Path = path;
        Progress = progress;
        if (path is not null)
        {
            var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            _file = new StreamWriter(stream) { AutoFlush = true };
        }
    }

    /// <summary>The text file that lines are added to; null: none.</summary>
    public string? Path { get; }

    /// <summary>Where people see how far the training has come.</summary>
    public IRunProgress Progress { get; }

    /// <summary>Writes to the file and shows it.</summary>
    public void Info(string text)
    {
        Record(text);
        Progress.Message(text);
    }

    /// <summary>Writes to the file and shows it, marked as a warning.</summary>
    public void Warn(string text)
    {
        Write("WARNING", text);
        Progress.Message($"warning: {text}");
    }

    /// <summary>Writes to the file only.</summary>
    public void Record(string text) => Write("INFO", text);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Write(string level, string text)
    {
        var time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
        _file?.WriteLine($"{time} - mmdet - {level} - {text}");
    }
}
