using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// Feature pyramid network: Lin et al., arXiv:1612.03144, figure 3; the additional levels of RetinaNet are
/// arXiv:1708.02002, section 4. The reference's <c>FPN</c>. Keys: lateral_convs.N.conv, fpn_convs.N.conv.
/// </summary>
public sealed class FeaturePyramid : Neck
{
    private readonly FeaturePyramidOptions _options;
    private readonly ModuleList<ConvModule> _laterals;
    private readonly ModuleList<ConvModule> _outputs;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public FeaturePyramid(FeaturePyramidOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var used = options.InChannels.Take(options.End).Skip(options.StartLevel);
        _laterals = RegisterChild("lateral_convs", new ModuleList<ConvModule>(used.Select(Lateral)));
        _outputs = RegisterChild("fpn_convs", new ModuleList<ConvModule>(Outputs().Concat(Extras())));
    }

    /// <summary>Reads <c>FPN</c>.</summary>
    internal static NeckPlan FromConfig(ConfigReader reader)
    {
        var options = FeaturePyramidOptions.FromConfig(reader);
        options.Check(reader.Error);
        return new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", options.InChannels, inputs, count: options.InChannels.Count);
                if (options.UpsampleFactor is { } factor)
                {
                    MapLevel.RequireFactor(reader, "upsample_cfg", factor, [.. options.Used(inputs)]);
                }

                return options.Outputs(inputs);
            },
            () => new FeaturePyramid(options));
    }

    /// <summary>Xavier's uniform rule for kernels, biases 0, norms 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        foreach (var module in _laterals.Concat(_outputs))
        {
            Initializers.XavierUniform(module.Weight, generator);
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        if (features.Length != _options.InChannels.Count)
        {
            throw new ArgumentException(
                $"FPN: there must be {_options.InChannels.Count} maps, one per entry of in_channels, got " +
                $"{features.Length}. Make in_channels fit the backbone's out_indices.", nameof(features));
        }

        var maps = _laterals.Select((lateral, i) => lateral.Call(features[i + _options.StartLevel])).ToArray();
        AddTopDown(maps);
        var levels = maps.Select((map, i) => _outputs[i].Call(map)).ToList();
        if (_options.ExtraCount > 0)
        {
            AddExtraLevels(levels, features[_options.End - 1], maps[^1]);
        }

        return [.. levels];
    }

    private static Tensor Sum(Tensor fine, Tensor coarse, bool inPlace)
    {
        if (!inPlace)
        {
            return fine + coarse;
        }

        fine.AddInPlace(coarse);
        return fine;
    }

    // Section 3: the coarser map, resampled, is added to the finer one.
    private void AddTopDown(Tensor[] maps)
    {
        // In place where the backward pass does not need the lateral map itself.
        var inPlace = GradMode.IsEnabled && _options.Activation is null;
        for (var i = maps.Length - 1; i > 0; i--)
        {
            var (lateral, resized) = (maps[i - 1], Resize(maps[i], maps[i - 1]));
            maps[i - 1] = Sum(lateral, resized, inPlace);
            resized.Dispose();
            if (!inPlace)
            {
                lateral.Dispose();
            }
        }
    }

    // To the finer map's size as it is at run time: a traced graph is right at every size.
    private Tensor Resize(Tensor coarse, Tensor fine) => _options.UpsampleFactor is { } factor
        ? Functional.ScaleNearest(coarse, factor)
        : Functional.ResizeNearestLike(coarse, fine);

    private void AddExtraLevels(List<Tensor> levels, Tensor input, Tensor lateral)
    {
        if (_options.ExtraConvs == ExtraConvs.None)
        {
            for (var i = 0; i < _options.ExtraCount; i++)
            {
                levels.Add(Functional.MaxPool2d(levels[^1], [1, 1], [2, 2], [0, 0], [1, 1]));
            }

            return;
        }

        var source = _options.ExtraConvs switch
        {
            ExtraConvs.OnInput => input,
            ExtraConvs.OnLateral => lateral,
            _ => levels[^1],
        };
        levels.Add(_outputs[levels.Count].Call(source));
        while (levels.Count < _options.LevelCount)
        {
            var before = _options.ReluBeforeExtraConvs ? levels[^1].Relu() : levels[^1];
            levels.Add(_outputs[levels.Count].Call(before));
        }
    }

    private ConvModule Lateral(int inChannels) => new(inChannels, _options.OutChannels, new()
    {
        Kernel = 1,
        Norm = _options.NoNormOnLateral ? null : _options.Norm,
        Activation = _options.Activation,
        InPlace = false,
    });

    private IEnumerable<ConvModule> Outputs() =>
        Enumerable.Range(0, _options.UsedCount).Select(_ => Output(_options.OutChannels, stride: 1));

    private IEnumerable<ConvModule> Extras()
    {
        if (_options.ExtraConvs == ExtraConvs.None)
        {
            yield break;
        }

        for (var i = 0; i < _options.ExtraCount; i++)
        {
            var onInput = i == 0 && _options.ExtraConvs == ExtraConvs.OnInput;
            yield return Output(onInput ? _options.InChannels[_options.End - 1] : _options.OutChannels, stride: 2);
        }
    }

    private ConvModule Output(int inChannels, int stride) => new(inChannels, _options.OutChannels, new()
    {
        Kernel = 3,
        Stride = stride,
        Padding = 1,
        Norm = _options.Norm,
        Activation = _options.Activation,
        InPlace = false,
    });
}

/// <summary>What a <see cref="FeaturePyramid"/> consists of; the names are the reference's.</summary>
public sealed record FeaturePyramidOptions
{
    /// <summary>The channels of each of the backbone's maps, finest first.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>Channels of every level that comes out.</summary>
    public required int OutChannels { get; init; }

    /// <summary>The number of levels that come out.</summary>
    public required int LevelCount { get; init; }

    /// <summary>The first of the backbone's maps that is used, from 0.</summary>
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

    /// <summary>Those of the maps that come in that are used.</summary>
    internal IEnumerable<MapLevel> Used(IReadOnlyList<MapLevel> inputs) => inputs.Take(End).Skip(StartLevel);

    /// <summary>The maps that come out: those used, then each additional level at twice the stride.</summary>
    internal IReadOnlyList<MapLevel> Outputs(IReadOnlyList<MapLevel> inputs)
    {
        List<MapLevel> levels = [.. Used(inputs).Select(level => level with { Channels = OutChannels })];
        while (levels.Count < LevelCount)
        {
            levels.Add(levels[^1] with { Stride = levels[^1].Stride * 2 });
        }

        return levels;
    }

    /// <summary>Reads channels, levels and extra convolutions.</summary>
    /// <param name="reader">The neck's node.</param>
    internal static FeaturePyramidOptions FromConfig(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg");
        return new()
        {
            InChannels = reader.Ints("in_channels"),
            OutChannels = reader.Int("out_channels"),
            LevelCount = reader.Int("num_outs"),
            StartLevel = reader.Int("start_level", 0),
            EndLevel = reader.Int("end_level", -1),
            ExtraConvs = ReadExtraConvs(reader),
            ReluBeforeExtraConvs = reader.Bool("relu_before_extra_convs", false),
            NoNormOnLateral = reader.Bool("no_norm_on_lateral", false),
            Norm = LayerConfig.Norm(reader),
            Activation = LayerConfig.Activation(reader),
            UpsampleFactor = ReadUpsampleFactor(reader),
        };
    }

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("FPN", error);
        check.Require(InChannels.Count > 0, "in_channels", "must name at least one map", "none");
        check.RequirePositive("in_channels", InChannels);
        check.RequirePositive("out_channels", OutChannels);
        check.Require(
            End >= 1 && End <= InChannels.Count, "end_level", $"must be -1 or 1 to {InChannels.Count}", EndLevel);
        check.Require(StartLevel >= 0 && StartLevel < End, "start_level", $"must be 0 to {End - 1}", StartLevel);
        check.Require(
            EndLevel == -1 ? ExtraCount >= 0 : ExtraCount == 0,
            "num_outs",
            EndLevel == -1
                ? $"must be at least the number of maps used, {UsedCount}"
                : $"must be end_level - start_level = {UsedCount} when end_level is given",
            LevelCount);
        check.RequirePositive("upsample_cfg", UpsampleFactor);
        Norm?.RequireDivisors(check, OutChannels);
    }

    // As the reference: True means on_input, unless the older extra_convs_on_inputs=False says on_output.
    private static ExtraConvs ReadExtraConvs(ConfigReader reader)
    {
        var onInputs = reader.Bool("extra_convs_on_inputs", true);
        if (reader.RawOrNull("add_extra_convs") is ConfigScalar { Kind: ConfigKind.String })
        {
            return reader.Choice("add_extra_convs", "on_input", "on_lateral", "on_output") switch
            {
                "on_input" => ExtraConvs.OnInput,
                "on_lateral" => ExtraConvs.OnLateral,
                _ => ExtraConvs.OnOutput,
            };
        }

        var adds = reader.Bool("add_extra_convs", false);
        return !adds ? ExtraConvs.None : onInputs ? ExtraConvs.OnInput : ExtraConvs.OnOutput;
    }

    private static double? ReadUpsampleFactor(ConfigReader reader)
    {
        if (reader.NodeOrNull("upsample_cfg") is not { } node)
        {
            return null;
        }

        node.ChoiceOr("mode", "nearest", "nearest");
        var factor = node.FloatOrNull("scale_factor");
        node.Done();
        return factor;
    }
}
