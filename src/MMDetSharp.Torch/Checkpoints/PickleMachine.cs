using System.Numerics;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// Reads Python's pickle format, protocols 0 to 5, into stored values. Nothing is ever run: names of classes and
/// functions
/// are only names, and a call is either one of the few that <see cref="PickleCalls"/> knows as data, or an inert
/// object.
/// </summary>
internal sealed class PickleMachine
{
    // A byte of a pickle can make an object of a hundred bytes: a damaged file must not take all memory.
    private const int MaximumValues = 20_000_000;

    private readonly List<StoredValue> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, StoredValue> _memo = [];
    private readonly Func<StoredValue, StoredValue> _load;
    private int _values;

    /// <param name="source">The bytes.</param>
    /// <param name="persistentLoad">Makes the value of a persistent id: PyTorch's storages.</param>
    internal PickleMachine(PickleSource source, Func<StoredValue, StoredValue> persistentLoad)
    {
        Source = source;
        _load = persistentLoad;
    }

    /// <summary>The bytes, for operations that read arguments.</summary>
    internal PickleSource Source { get; }

    /// <summary>Runs operations up to STOP and gives the one value that is left.</summary>
    /// <exception cref="CheckpointException">The pickle is truncated or malformed.</exception>
    internal StoredValue Run()
    {
        while (true)
        {
            var code = Source.Byte();
            if (code == PickleOperations.Stop)
            {
                return Pop();
            }

            var operation = PickleOperations.Find(code)
                ?? throw Source.Fail($"0x{code:x2} is not an operation of a pickle");
            Step(operation);
        }
    }

    /// <summary>Puts a value on the stack.</summary>
    internal void Push(StoredValue value)
    {
        Charge(1);
        _stack.Add(value);
    }

    /// <summary>Takes the top of the stack; never below the last mark.</summary>
    internal StoredValue Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    /// <summary>Looks at the top of the stack.</summary>
    internal StoredValue Peek() => _stack.Count > (_marks.Count == 0 ? 0 : _marks[^1])
        ? _stack[^1]
        : throw Source.Fail("an operation needs a value, the stack is empty");

    /// <summary>Sets a mark.</summary>
    internal void Mark()
    {
        if (_marks.Count >= MaximumValues)
        {
            throw Source.Fail($"a pickle must have at most {MaximumValues} marks");
        }

        _marks.Add(_stack.Count);
    }

    /// <summary>Takes everything above the last mark, and the mark.</summary>
    internal List<StoredValue> PopMark()
    {
        if (_marks.Count == 0)
        {
            throw Source.Fail("an operation needs a mark, there is none");
        }

        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        var items = _stack.GetRange(start, _stack.Count - start);
        _stack.RemoveRange(start, _stack.Count - start);
        return items;
    }

    /// <summary>POP: the top value, or the mark where that is on top.</summary>
    internal void Drop()
    {
        if (_marks.Count > 0 && _marks[^1] == _stack.Count)
        {
            _marks.RemoveAt(_marks.Count - 1);
            return;
        }

        Pop();
    }

    /// <summary>Replaces the top value by one made of it, as a tuple of the topmost.</summary>
    internal void PushTuple(int count)
    {
        var items = new StoredValue[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        Push(new StoredList(items, StoredSequenceKind.Tuple));
    }

    /// <summary>Remembers the top value.</summary>
    internal void Remember(long place)
    {
        var value = Peek();
        _memo[place] = value;
        if (value is PickleArray array)
        {
            array.Places.Add(place);
        }
    }

    /// <summary>Remembers the top value at the next free place.</summary>
    internal void Memoize() => Remember(_memo.Count);

    /// <summary>Pushes a remembered value.</summary>
    internal void Recall(long place) => Push(_memo.TryGetValue(place, out var value)
        ? value
        : throw Source.Fail($"value {place} is used before it is there"));

    /// <summary>Pushes the value of a persistent id.</summary>
    internal void Persistent(StoredValue id) => Push(_load(id));

    /// <summary>Appends to the list below.</summary>
    internal void Append(IEnumerable<StoredValue> items)
    {
        var list = Peek() switch
        {
            StoredList known => known,
            StoredObject unknown => unknown.Items,
            var other => throw Source.Fail($"items are appended to {other}"),
        };
        foreach (var item in items)
        {
            list.Add(item);
        }
    }

    /// <summary>Sets keys of the dictionary below; keys and values take turns.</summary>
    internal void SetItems(List<StoredValue> items)
    {
        var dictionary = Peek() switch
        {
            StoredDictionary known => known,
            StoredObject unknown => unknown.Entries,
            var other => throw Source.Fail($"keys are set in {other}"),
        };
        Fill(dictionary, items);
    }

    /// <summary>A dictionary of keys and values that take turns.</summary>
    internal StoredDictionary Fill(StoredDictionary dictionary, List<StoredValue> items)
    {
        if (items.Count % 2 != 0)
        {
            throw Source.Fail("a dictionary needs a value for every key");
        }

        for (var i = 0; i < items.Count; i += 2)
        {
            dictionary.Set(items[i], items[i + 1]);
        }

        return dictionary;
    }

    /// <summary>REDUCE and its relatives: pushes what the call would give, without calling.</summary>
    internal void Call(StoredValue callable, StoredValue arguments)
    {
        var list = arguments as StoredList
            ?? throw Source.Fail($"a call needs a tuple of arguments, found {arguments}");
        var made = PickleCalls.Make(Source, callable, list);
        Charge(made switch { StoredList items => items.Count, StoredDictionary items => items.Count, _ => 0 });
        Push(made);
    }

    /// <summary>BUILD: gives the object below its state.</summary>
    internal void Build(StoredValue state)
    {
        var target = Pop();
        var built = PickleStates.Set(Source, target, state);
        foreach (var place in (target as PickleArray)?.Places ?? [])
        {
            _memo[place] = built; // an array becomes a tensor only now, and may already be remembered
        }

        Push(built);
    }

    /// <summary>A whole number given in little-endian bytes.</summary>
    internal static StoredValue Integer(ReadOnlySpan<byte> bytes) => Integer(new BigInteger(bytes));

    /// <summary>A whole number; a small one is a long.</summary>
    internal static StoredValue Integer(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (StoredValue)(long)value : new StoredScalar(value);

    private void Step(Action<PickleMachine> operation)
    {
        try
        {
            operation(this);
        }
        catch (CheckpointException exception)
            when (!exception.Message.StartsWith(Source.Path, StringComparison.Ordinal))
        {
            throw new CheckpointException($"{Source.Path}: byte {Source.Position}: {exception.Message}", exception);
        }
    }

    private void Charge(int values)
    {
        _values += values;
        if (_values > MaximumValues)
        {
            throw Source.Fail($"a pickle must have at most {MaximumValues} values");
        }
    }
}
