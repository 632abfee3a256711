namespace MMDetSharp.Torch.Modules;

/// <summary>The geometry of a <see cref="Conv2d"/>; equal for height and width unless it says otherwise.</summary>
public sealed record Conv2dOptions
{
    /// <summary>The kernel's height and width.</summary>
    public required int Kernel { get; init; }

    /// <summary>Steps between outputs.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Steps between outputs along the width where they differ from <see cref="Stride"/>; null: the same.</summary>
    public int? StrideX { get; init; }

    /// <summary>Zeros on each side.</summary>
    public int Padding { get; init; }

    /// <summary>Steps between the kernel's taps.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Into how many parts the channels are split.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added.</summary>
    public bool Bias { get; init; } = true;
}
