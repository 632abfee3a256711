using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>How a <see cref="DetectorInferencer"/> works.</summary>
public sealed record InferencerOptions
{
    /// <summary>Where to compute.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>
    /// Whether the part that depends on pixels alone is compiled at the first picture: about twice as fast on the
    /// processor, with the same results to the rounding of floats.
    /// </summary>
    public bool Compile { get; init; } = true;

    /// <summary>Objects below this score are left out, after all else.</summary>
    public double ScoreThreshold { get; init; }
}
