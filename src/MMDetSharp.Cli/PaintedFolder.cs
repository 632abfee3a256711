using MMDetSharp.Core.Structures;
using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Cli;

/// <summary>A folder of images with what was found on them.</summary>
internal sealed class PaintedFolder : IDisposable
{
    private readonly string? _folder;
    private readonly double _threshold;
    private int _count;

    internal PaintedFolder(string? folder, double threshold)
    {
        _folder = folder;
        _threshold = threshold;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }
    }

    internal bool IsWanted => _folder is not null;

    /// <summary>The names of the classes; set before the first image.</summary>
    internal IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>Paints one image under its own name.</summary>
    internal void Add(ImageDetections result)
    {
        var painter = new DetectionPainter(Classes, new() { ScoreThreshold = _threshold });
        painter.Save(result, Path.Combine(_folder!, Path.GetFileName(result.FileName)));
        _count++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_count > 0)
        {
            Console.Error.WriteLine($"{_folder}: {_count} images");
        }
    }
}
