namespace MMDetSharp.Engine.Training.Loop;

/// <summary>Collects numbers of the iterations of an epoch and averages them for the log.</summary>
public sealed class LogBuffer
{
    private readonly OrderedDictionary<string, List<(double Value, long Count)>> _history = [];
    private readonly OrderedDictionary<string, object> _output = [];

    /// <summary>What is to be logged next: numbers (<see cref="double"/>) and texts, in the order in which they came.</summary>
    public IReadOnlyDictionary<string, object> Output => _output;

    /// <summary>Whether <see cref="Output"/> waits to be logged.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Adds one number of this iteration.</summary>
    /// <param name="name">Its name in the log: <c>loss_cls</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="count">Its weight in the average: images of the batch.</param>
    public void Update(string name, double value, long count = 1)
    {
        if (!_history.TryGetValue(name, out var values))
        {
            values = [];
            _history.Add(name, values);
        }

        values.Add((value, count));
    }

    /// <summary>Sets a value to be logged as it is: a result of an evaluation.</summary>
    /// <param name="name">Its name in the log.</param>
    /// <param name="value">A <see cref="double"/> or a <see cref="string"/>.</param>
    public void SetOutput(string name, object value)
    {
        _output[name] = value;
        IsReady = true;
    }

    /// <summary>Puts the weighted average of the latest numbers of each name into <see cref="Output"/>.</summary>
    /// <param name="latest">How many iterations; 0 for all since <see cref="Clear"/>.</param>
    public void Average(int latest = 0)
    {
        foreach (var (name, values) in _history)
        {
            var (sum, count) = (0.0, 0L);
            for (var i = latest == 0 ? 0 : Math.Max(0, values.Count - latest); i < values.Count; i++)
            {
                sum += values[i].Value * values[i].Count;
                count += values[i].Count;
            }

            _output[name] = sum / count;
        }

        IsReady = true;
    }

    /// <summary>Empties <see cref="Output"/> after it was logged; the history stays.</summary>
    public void ClearOutput()
    {
        _output.Clear();
        IsReady = false;
    }

    /// <summary>Empties the history and <see cref="Output"/>.</summary>
    public void Clear()
    {
        _history.Clear();
        ClearOutput();
    }
}
