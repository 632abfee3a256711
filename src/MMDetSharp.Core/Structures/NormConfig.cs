namespace MMDetSharp.Core.Structures;

/// <summary>How pixel values became network input: <c>(pixel - mean) / std</c>, per channel.</summary>
public sealed record NormConfig
{
    /// <summary>Leaves three channels as they are.</summary>
    public static NormConfig Identity { get; } = new() { Mean = [0, 0, 0], Std = [1, 1, 1], ToRgb = false };

    /// <summary>(C): subtracted, in the order of the channels after <see cref="ToRgb"/>.</summary>
    public required float[] Mean { get; init; }

    /// <summary>(C): divided by, in the same order.</summary>
    public required float[] Std { get; init; }

    /// <summary>Whether the channels went from BGR, the order of files, to RGB first.</summary>
    public bool ToRgb { get; init; } = true;
}
