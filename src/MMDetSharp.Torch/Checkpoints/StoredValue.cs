using System.Numerics;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>One value of a checkpoint: a tensor, a plain value, a list, a dictionary, or an inert object.</summary>
/// <remarks>Plain C# values convert by themselves: <c>meta["epoch"] = 12</c>.</remarks>
public abstract class StoredValue
{
    /// <summary>Python's None.</summary>
    public static StoredValue None { get; } = new StoredScalar(null);

    /// <summary>Whether this is Python's None.</summary>
    public bool IsNone => this is StoredScalar { Value: null };

    /// <summary>A text; null becomes None.</summary>
    public static implicit operator StoredValue(string? value) => new StoredScalar(value);

    /// <summary>An integer.</summary>
    public static implicit operator StoredValue(long value) => new StoredScalar(value);

    /// <summary>An integer.</summary>
    public static implicit operator StoredValue(int value) => new StoredScalar((long)value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator StoredValue(double value) => new StoredScalar(value);

    /// <summary>A truth value.</summary>
    public static implicit operator StoredValue(bool value) => new StoredScalar(value);

    /// <summary>The text that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public string AsString() => this is StoredScalar { Value: string text } ? text : throw Unexpected("a text");

    /// <summary>The whole number that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored, or it does not fit.</exception>
    public long AsInt64() => this is StoredScalar scalar ? scalar.Value switch
    {
        long integer => integer,
        bool truth => truth ? 1 : 0,
        double real when Math.Floor(real) == real && Math.Abs(real) < 1e18 => (long)real,
        _ => throw Unexpected("a whole number"),
    }
    : throw Unexpected("a whole number");

    /// <summary>The number that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public double AsDouble() => this is StoredScalar scalar ? scalar.Value switch
    {
        double real => real,
        long integer => integer,
        BigInteger integer => (double)integer,
        bool truth => truth ? 1 : 0,
        _ => throw Unexpected("a number"),
    }
    : throw Unexpected("a number");

    /// <summary>The truth value that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public bool AsBool() => this is StoredScalar { Value: bool truth } ? truth : throw Unexpected("true or false");

    /// <summary>The list, tuple or set that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public StoredList AsList() => this as StoredList ?? throw Unexpected("a list");

    /// <summary>The dictionary that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public StoredDictionary AsDictionary() => this as StoredDictionary ?? throw Unexpected("a dictionary");

    /// <summary>The tensor that is stored here.</summary>
    /// <exception cref="CheckpointException">Another kind of value is stored.</exception>
    public StoredTensor AsTensor() => this as StoredTensor ?? throw Unexpected("a tensor");

    private CheckpointException Unexpected(string wanted) =>
        new($"Checkpoint: {wanted} is needed, found {this}. The file was written by another program or version.");
}
