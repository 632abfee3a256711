using System.Text.Json;

using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>Gives the random numbers that were recorded from the reference, in order, and checks what is asked for.</summary>
internal sealed class RecordedDraws(JsonElement draws) : IRandomSource
{
    private int _next;

    internal int Left => draws.GetArrayLength() - _next;

    public double NextDouble() => Take("random_sample", "rand").GetDouble();

    public double Uniform(double low, double high) => Take("uniform").GetDouble();

    public int NextInt(int low, int high)
    {
        var value = Take("randint").GetInt32();
        Assert.InRange(value, low, high - 1);
        return value;
    }

    public T Choice<T>(IReadOnlyList<T> values, IReadOnlyList<double>? probabilities = null)
    {
        var drawn = Take("choice");
        return values.Single(value => Same(value!, drawn));
    }

    public int[] Permutation(int count) => [.. Take("permutation").EnumerateArray().Select(value => value.GetInt32())];

    private static bool Same(object value, JsonElement drawn) => drawn.ValueKind switch
    {
        JsonValueKind.Number => Convert.ToDouble(value) == drawn.GetDouble(),
        JsonValueKind.String => value.ToString()!.Equals(drawn.GetString(), StringComparison.OrdinalIgnoreCase),
        _ => value.ToString() == "None",
    };

    private JsonElement Take(params ReadOnlySpan<string> functions)
    {
        Assert.True(Left > 0, "The transform draws more numbers than the reference did.");
        var draw = draws[_next++];
        Assert.Contains(draw[0].GetString(), functions.ToArray());
        return draw[1];
    }
}
