using System.Globalization;
using System.Numerics;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A plain value of a checkpoint: None, a truth value, a number, a text, or bytes.</summary>
public sealed class StoredScalar : StoredValue, IEquatable<StoredScalar>
{
    internal StoredScalar(object? value) => Value = value;

    /// <summary>null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>,
    /// <see cref="string"/>, or an array of <see cref="byte"/>.</summary>
    public object? Value { get; }

    /// <inheritdoc/>
    public bool Equals(StoredScalar? other) => other is not null && Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredScalar);

    /// <inheritdoc/>
    public override int GetHashCode() => Value?.GetHashCode() ?? 0;

    /// <summary>The value as Python would print it; long texts are cut.</summary>
    public override string ToString() => Value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        string text => text.Length > 80 ? $"'{text[..77]}...'" : $"'{text}'",
        byte[] bytes => $"{bytes.Length} bytes",
        BigInteger => "a very large integer",
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };
}
