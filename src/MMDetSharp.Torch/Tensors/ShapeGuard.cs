using System.Runtime.CompilerServices;

namespace MMDetSharp.Torch.Tensors;

/// <summary>Checks a tensor's shape where it enters a public method.</summary>
public static class ShapeGuard
{
    /// <summary>Stands for a dimension of any size.</summary>
    public const long Any = -1;

    /// <summary>Throws unless the tensor has the expected shape.</summary>
    /// <param name="tensor">The tensor to check.</param>
    /// <param name="expected">The expected sizes; <see cref="Any"/> matches every size.</param>
    /// <param name="hint">What the caller should do about it, one sentence.</param>
    /// <param name="name">The argument's name; the compiler fills it in.</param>
    /// <param name="where">The method's name; the compiler fills it in.</param>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public static void RequireShape(
        this Tensor tensor,
        ReadOnlySpan<long> expected,
        string hint = "",
        [CallerArgumentExpression(nameof(tensor))] string name = "",
        [CallerMemberName] string where = "")
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        var actual = tensor.Shape;
        if (!Matches(actual, expected))
        {
            throw new ArgumentException(
                $"{where}: {name} must have shape {Format(expected)}, got {Format(actual)}. {hint}".TrimEnd(), name);
        }
    }

    private static bool Matches(ReadOnlySpan<long> actual, ReadOnlySpan<long> expected)
    {
        if (actual.Length != expected.Length)
        {
            return false;
        }

        for (var i = 0; i < actual.Length; i++)
        {
            if (expected[i] != Any && expected[i] != actual[i])
            {
                return false;
            }
        }

        return true;
    }

    private static string Format(ReadOnlySpan<long> shape)
    {
        var sizes = shape.ToArray().Select(size => size == Any ? "*" : $"{size}");
        return $"({string.Join(", ", sizes)})";
    }
}
