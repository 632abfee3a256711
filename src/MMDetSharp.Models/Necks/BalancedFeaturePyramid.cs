using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// Levels are brought to one size, averaged, refined, and added to every level: Pang et al., "Libra R-CNN",
/// arXiv:1904.02701, section 3.2 and figure 4. The reference's <c>BFP</c>. Keys: refine.*.
/// </summary>
public sealed class BalancedFeaturePyramid : Neck
{
    private readonly BalancedFeaturePyramidOptions _options;
    private readonly Layer? _refine;

    /// <param name="options">What it consists of.</param>
    public BalancedFeaturePyramid(BalancedFeaturePyramidOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _refine = options.Refinement switch
        {
            BalancedRefinement.Convolution => RegisterChild("refine", new ConvModule(
                options.Channels, options.Channels,
                new() { Kernel = 3, Padding = 1, Norm = options.Norm, Deform = options.Deform })),
            BalancedRefinement.NonLocal => RegisterChild("refine", new NonLocal2d(options.Channels, options.Norm)),
            _ => null,
        };
    }

    /// <summary>Reads <c>BFP</c>.</summary>
    internal static NeckPlan FromConfig(ConfigReader reader)
    {
        reader.Ignore("init_cfg");
        var options = BalancedFeaturePyramidOptions.FromConfig(reader);
        return NeckPlan.OfSameStrides(
            reader, "in_channels",
            [.. Enumerable.Repeat(options.Channels, options.LevelCount)],
            [.. Enumerable.Repeat(options.Channels, options.LevelCount)],
            () => new BalancedFeaturePyramid(options));
    }

    /// <summary>Xavier's uniform rule for kernels, biases 0, norms 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        var kernels = _refine switch
        {
            NonLocal2d nonLocal => nonLocal.Kernels,
            ConvModule { IsDeformable: false } convolution => [convolution.Weight],
            _ => [],
        };
        foreach (var kernel in kernels)
        {
            Initializers.XavierUniform(kernel, generator);
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        if (features.Length != _options.LevelCount)
        {
            throw new ArgumentException(
                $"BFP: there must be {_options.LevelCount} maps, got {features.Length}. Make num_levels fit the part before.",
                nameof(features));
        }

        var middle = features[_options.RefineLevel];
        var balanced = features.Select((map, level) => ToMiddle(map, middle, level)).Aggregate((sum, map) => sum + map)
            / features.Length; // equation 4
        balanced = _refine?.Call(balanced) ?? balanced;
        return [.. features.Select((map, level) => FromMiddle(balanced, map, level) + map)];
    }

    private Tensor ToMiddle(Tensor map, Tensor middle, int level) => level < _options.RefineLevel
        ? Functional.AdaptiveMaxPoolLike(map, middle)
        : Functional.ResizeNearestLike(map, middle);

    private Tensor FromMiddle(Tensor balanced, Tensor map, int level) => level < _options.RefineLevel
        ? Functional.ResizeNearestLike(balanced, map)
        : Functional.AdaptiveMaxPoolLike(balanced, map);
}

/// <summary>How the averaged map of a <see cref="BalancedFeaturePyramid"/> is refined.</summary>
public enum BalancedRefinement
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a 3x3 layer.</summary>
    Convolution,

    /// <summary>By a non-local block.</summary>
    NonLocal,
}

/// <summary>What a <see cref="BalancedFeaturePyramid"/> consists of; the names are the reference's.</summary>
public sealed record BalancedFeaturePyramidOptions
{
    /// <summary>Channels of every level: <c>in_channels</c>.</summary>
    public required int Channels { get; init; }

    /// <summary>The number of levels: <c>num_levels</c>.</summary>
    public required int LevelCount { get; init; }

    /// <summary>The level, from 0, whose size the averaged map has.</summary>
    public int RefineLevel { get; init; } = 2;

    /// <summary>How the averaged map is refined: <c>refine_type</c>.</summary>
    public BalancedRefinement Refinement { get; init; } = BalancedRefinement.None;

    /// <summary>The norm of the refinement; null for none.</summary>
    public NormOptions? Norm { get; init; }

    /// <summary>Makes a refining convolution deformable; null for the usual one.</summary>
    public DeformOptions? Deform { get; init; }

    /// <summary>Reads the neck's node.</summary>
    /// <param name="reader">The node.</param>
    internal static BalancedFeaturePyramidOptions FromConfig(ConfigReader reader)
    {
        var options = new BalancedFeaturePyramidOptions
        {
            Channels = reader.Positive("in_channels"),
            LevelCount = reader.Positive("num_levels"),
            RefineLevel = reader.NotNegative("refine_level", 2),
            Refinement = reader.ChoiceOr("refine_type", "none", "none", "conv", "non_local") switch
            {
                "conv" => BalancedRefinement.Convolution,
                "non_local" => BalancedRefinement.NonLocal,
                _ => BalancedRefinement.None,
            },
            Norm = LayerConfig.Norm(reader),
            Deform = LayerConfig.Convolution(reader),
        };
        var check = new OptionCheck("BFP", reader.Error);
        check.Require(
            options.RefineLevel < options.LevelCount, "refine_level", $"must be below num_levels={options.LevelCount}",
            options.RefineLevel);
        check.Require(
            options.Deform is null || options.Refinement == BalancedRefinement.Convolution,
            "conv_cfg", "must be a usual convolution where refine_type is not 'conv'", "a deformable one");
        options.Norm?.RequireDivisors(check, options.Channels);
        return options;
    }
}
