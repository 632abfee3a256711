using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Necks;

/// <summary>What a <see cref="FeaturePyramid"/> consists of; the names are the reference's.</summary>
public sealed record FeaturePyramidOptions
{
    /// <summary>The channels of each of the backbone's maps, finest first.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>Channels of every level that comes out.</summary>
    public required int OutChannels { get; init; }

    /// <summary>The number of levels that come out.</summary>
    public required int LevelCount { get; init; }

    /// <summary>The first map used.</summary>
    public int StartLevel { get; init; }

    /// <summary>The map after the last one used; -1: all. When given, there are no additional levels.</summary>
    public int EndLevel { get; init; } = -1;

    /// <summary>Where additional levels come from.</summary>
    public ExtraConvs ExtraConvs { get; init; } = ExtraConvs.None;

    /// <summary>Whether a ReLU stands before each additional layer but the first.</summary>
    public bool ReluBeforeExtraConvs { get; init; }

    /// <summary>Whether the lateral layers go without norm.</summary>
    public bool NoNormOnLateral { get; init; }

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; }

    /// <summary>The activation behind each convolution; null for none.</summary>
    public ActivationOptions? Activation { get; init; }

    /// <summary>The factor of the top-down path's resampling; null: to the size of the finer map.</summary>
    public double? UpsampleFactor { get; init; }

    /// <summary>The map after the last one used, -1 resolved.</summary>
    internal int End => EndLevel == -1 ? InChannels.Count : EndLevel;

    /// <summary>The number of maps used.</summary>
    internal int UsedCount => End - StartLevel;

    /// <summary>The number of additional levels.</summary>
    internal int ExtraCount => LevelCount - UsedCount;

    /// <summary>Fails when options contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Check()
    {
        Require(InChannels.Count > 0, "in_channels must name at least one map", "none");
        Require(
            End >= 1 && End <= InChannels.Count, $"end_level must be -1 or 1 to {InChannels.Count}", EndLevel);
        Require(StartLevel >= 0 && StartLevel < End, $"start_level must be 0 to {End - 1}", StartLevel);
        Require(
            EndLevel == -1 ? ExtraCount >= 0 : ExtraCount == 0,
            EndLevel == -1
                ? $"num_outs must be at least the number of maps used, {UsedCount}"
                : $"num_outs must be end_level - start_level = {UsedCount} when end_level is given",
            LevelCount);
    }

    private static void Require(bool holds, string rule, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"FPN: {rule}, got {found}. Change it in the config.");
        }
    }
}
