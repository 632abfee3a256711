using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Makes float32 network input of the pixels: <c>(pixel - mean) / std</c>, per channel.</summary>
public sealed class Normalize : ITransform
{
    private readonly NormConfig _norm;

    /// <param name="norm">Mean, std and the order of the channels.</param>
    /// <exception cref="ArgumentException">The counts of mean and std differ, or a std is zero.</exception>
    public Normalize(NormConfig norm)
    {
        ArgumentNullException.ThrowIfNull(norm);
        _norm = norm;
        if (norm.Mean.Length != norm.Std.Length || norm.Std.Contains(0))
        {
            throw new ArgumentException(
                $"Normalize: mean and std must have the same length and no std may be 0, got {norm.Mean.Length} and " +
                $"({string.Join(", ", norm.Std)}).");
        }
    }

    /// <summary>From a step of a config.</summary>
    internal static Normalize FromConfig(ConfigReader reader) => new(new NormConfig
    {
        Mean = Singles(reader.Floats("mean")),
        Std = Singles(reader.Floats("std")),
        ToRgb = reader.Bool("to_rgb", true),
    });

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        sample.Image = sample.Image.Normalize(_norm);
        sample.NormConfig = _norm;
        return true;
    }

    private static float[] Singles(double[] values) => Array.ConvertAll(values, value => (float)value);
}
