namespace MMDetSharp.Models.Anchors;

/// <summary>Which anchors stand at every place of each level.</summary>
public sealed record AnchorGeneratorOptions
{
    /// <summary>(x, y) pixels of the picture between two places of a level, finest level first.</summary>
    public required IReadOnlyList<(int X, int Y)> Strides { get; init; }

    /// <summary>Height / width of the anchors.</summary>
    public required IReadOnlyList<float> Ratios { get; init; }

    /// <summary>Sizes of the anchors in base sizes; null when <see cref="OctaveBaseScale"/> makes them.</summary>
    public IReadOnlyList<float>? Scales { get; init; }

    /// <summary>Side of an anchor of scale 1 at each level, in pixels; null: the shorter stride.</summary>
    public IReadOnlyList<float>? BaseSizes { get; init; }

    /// <summary>Whether the scales vary fastest in the order of a place's anchors; else the ratios do.</summary>
    public bool ScaleMajor { get; init; } = true;

    /// <summary>The first scale; the others follow at equal steps inside one octave.</summary>
    public double? OctaveBaseScale { get; init; }

    /// <summary>How many scales an octave has.</summary>
    public int? ScalesPerOctave { get; init; }

    /// <summary>(x, y) of the first place's anchors at each level, in pixels; null: <see cref="CenterOffset"/>.</summary>
    public IReadOnlyList<(float X, float Y)>? Centers { get; init; }

    /// <summary>Where in its cell an anchor's middle stands, in base sizes: 0 top left, 0.5 middle.</summary>
    public double CenterOffset { get; init; }

    /// <summary>Checks what the options must fulfil together.</summary>
    /// <exception cref="ArgumentException">They contradict each other.</exception>
    internal void Check()
    {
        Require(Strides.Count > 0, "strides must name at least one level");
        Require(Ratios.Count > 0, "ratios must not be empty");
        Require(
            (Scales is not null) ^ (OctaveBaseScale is not null && ScalesPerOctave is not null),
            "either scales, or octave_base_scale and scales_per_octave, must be given, not both");
        Require(CenterOffset is >= 0 and <= 1, $"center_offset must be in [0, 1], got {CenterOffset}");
        Require(Centers is null || CenterOffset == 0, "centers and center_offset must not be given both");
        RequireLevels(Centers?.Count, "centers");
        RequireLevels(BaseSizes?.Count, "base_sizes");
    }

    private void RequireLevels(int? count, string name) => Require(
        count is null || count == Strides.Count,
        $"{name} must have one entry per stride, got {count} for {Strides.Count} strides");

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"AnchorGenerator: {rule}. Change the anchor_generator of the config.");
        }
    }
}
