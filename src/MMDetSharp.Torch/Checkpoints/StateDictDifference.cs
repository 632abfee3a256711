using System.Text;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>How the tensors of a checkpoint differ from those that a model needs.</summary>
public sealed class StateDictDifference
{
    private const int Shown = 10;
    private const string Counter = "num_batches_tracked";

    private StateDictDifference()
    {
    }

    /// <summary>Keys of the model that the file lacks. Counters of batches do not count: old files have none.</summary>
    public IReadOnlyList<string> Missing { get; private init; } = [];

    /// <summary>Keys of the file that the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; private init; } = [];

    /// <summary>Keys that both have, with different shapes.</summary>
    public IReadOnlyList<ShapeDifference> WrongShapes { get; private init; } = [];

    /// <summary>Keys that both have with the same shape: those that can be loaded.</summary>
    public IReadOnlyList<string> Loadable { get; private init; } = [];

    /// <summary>Whether there is no difference.</summary>
    public bool IsEmpty => Missing.Count + Unexpected.Count + WrongShapes.Count == 0;

    /// <summary>Compares what a model needs with what a file has.</summary>
    public static StateDictDifference Between(
        IEnumerable<StateDictKey> model, IReadOnlyDictionary<string, StoredTensor> file)
    {
        var needed = model.ToList();
        var names = needed.Select(key => key.Name).ToHashSet();
        var shared = needed
            .Where(key => file.ContainsKey(key.Name))
            .ToLookup(key => key.Shape.SequenceEqual(file[key.Name].Shape));
        return new()
        {
            Missing = [.. needed.Select(key => key.Name).Where(name => !file.ContainsKey(name) && !IsCounter(name))],
            Unexpected = [.. file.Keys.Where(name => !names.Contains(name))],
            WrongShapes =
            [
                .. shared[false].Select(key => new ShapeDifference(key.Name, key.Shape, file[key.Name].Shape)),
            ],
            Loadable = [.. shared[true].Select(key => key.Name)],
        };
    }

    /// <summary>Fails, with the lists, when there is a difference.</summary>
    /// <param name="where">The file, for the message.</param>
    /// <exception cref="CheckpointException">There is a difference.</exception>
    public void RequireNone(string where)
    {
        if (!IsEmpty)
        {
            throw new CheckpointException(
                $"{where}: the checkpoint must fit the model, found {this}\n"
                + "Give the checkpoint of this config, or the config of this checkpoint"
                + (IsOtherClassCount() ? ": num_classes must be that of the training." : "."));
        }
    }

    /// <summary>The differences in words: at most ten keys of each kind.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Verdict());
        Add(text, "wrong shape", [.. WrongShapes.Select(difference => difference.ToString())]);
        Add(text, "missing in the file", Missing);
        Add(text, "not in the model", Unexpected);
        return text.ToString();
    }

    private static bool IsCounter(string name) => name.EndsWith(Counter, StringComparison.Ordinal);

    private string Verdict()
    {
        if (IsEmpty)
        {
            return "no difference.";
        }

        return Loadable.Count == 0 ? "a checkpoint of another model (no tensor fits)."
            : IsOtherClassCount() ? "a checkpoint of another class count."
            : $"differences ({Loadable.Count} tensors fit).";
    }

    // Another class count changes only the first dimension of the last layers.
    private bool IsOtherClassCount() =>
        WrongShapes.Count > 0 && Missing.Count + Unexpected.Count == 0
        && WrongShapes.All(difference => difference.ModelShape.Skip(1).SequenceEqual(difference.FileShape.Skip(1)))
        && WrongShapes.All(difference => difference.Name.Contains("head", StringComparison.Ordinal));

    private static void Add(StringBuilder text, string title, IReadOnlyList<string> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        text.Append($"\n  {title} ({entries.Count}):");
        foreach (var entry in entries.Take(Shown))
        {
            text.Append("\n    ").Append(entry);
        }

        text.Append(entries.Count > Shown ? $"\n    ... and {entries.Count - Shown} more" : "");
    }
}
