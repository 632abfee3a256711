namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>The logistic function on single values, for decoding the few places that pass a threshold.</summary>
internal static class Logistic
{
    // Rounding must not leave out what the exact test that follows keeps.
    private const float Margin = 1e-3f;

    /// <summary>1 / (1 + exp(-value)).</summary>
    internal static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));

    /// <summary>A little less than the value whose sigmoid is the probability; infinite at 0 and 1 and beyond.</summary>
    internal static float Below(float probability) => probability switch
    {
        <= 0 => float.NegativeInfinity,
        >= 1 => float.PositiveInfinity,
        _ => MathF.Log(probability / (1 - probability)) - Margin,
    };
}
