using System.Globalization;

using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// Residual network: He et al., arXiv:1512.03385, table 1; the deep stem and averaging shortcuts of ResNet-D are
/// arXiv:1812.01187, section 4. Keys: conv1, bn1 (or stem.*), layer1.0.conv1, ..., layer1.0.downsample.0, ...
/// </summary>
public sealed class ResNet : Backbone
{
    private readonly ResNetOptions _options;
    private readonly Conv2d? _conv1;
    private readonly Layer? _norm1;
    private readonly DeepStem? _stem;
    private readonly MaxPool2d _pool = new(kernel: 3, stride: 2, padding: 1);
    private readonly Sequential[] _stages;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public ResNet(ResNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var stemChannels = options.StemChannels ?? options.BaseChannels;
        if (options.DeepStem)
        {
            _stem = RegisterChild("stem", new DeepStem(options.InChannels, stemChannels, options.Norm));
        }
        else
        {
            _conv1 = RegisterChild("conv1", new Conv2d(
                options.InChannels, stemChannels, new() { Kernel = 7, Stride = 2, Padding = 3, Bias = false }));
            _norm1 = RegisterChild(options.Norm.Key + "1", options.Norm.Create(stemChannels));
        }

        RegisterChild("maxpool", _pool);
        _stages = BuildStages(stemChannels);
        FreezeStages();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs => _options.Outputs;

    /// <inheritdoc/>
    public override int ImageChannels => _options.InChannels;

    /// <summary>Reads <c>ResNet</c>.</summary>
    internal static BackbonePlan FromConfig(ConfigReader reader) => Plan(reader, ResNetOptions.FromConfig(reader, isV1d: false));

    /// <summary>Reads <c>ResNetV1d</c>.</summary>
    internal static BackbonePlan V1dFromConfig(ConfigReader reader) =>
        Plan(reader, ResNetOptions.FromConfig(reader, isV1d: true));

    /// <summary>Reads <c>ResNeXt</c>: Xie et al., arXiv:1611.05431.</summary>
    internal static BackbonePlan NextFromConfig(ConfigReader reader) => Plan(reader, ResNetOptions.NextFromConfig(reader));

    /// <summary>The number of blocks of each stage by depth: table 1.</summary>
    internal static IReadOnlyDictionary<int, int[]> BlockCounts { get; } = new Dictionary<int, int[]>
    {
        [18] = [2, 2, 2, 2],
        [34] = [3, 4, 6, 3],
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
    };

    /// <summary>
    /// Switches between training and evaluation; frozen stages, and with <see cref="ResNetOptions.NormEval"/> all batch
    /// norms, stay in evaluation.
    /// </summary>
    public override void Train(bool mode = true)
    {
        base.Train(mode);
        FreezeStages();
        if (_options.NormEval)
        {
            EvalNorms();
        }
    }

    /// <summary>He's normal rule for kernels, norms 1 and 0, with <see cref="ResNetOptions.ZeroInitResidual"/> the last
    /// norm of each block 0 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        if (!_options.ZeroInitResidual)
        {
            return;
        }

        foreach (var block in _stages.SelectMany(stage => stage.Layers).Cast<ResidualBlock>())
        {
            foreach (var parameter in block.LastNorm.NamedParameters())
            {
                Initializers.Constant(parameter.Tensor, 0);
            }
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var halved = _stem is null ? ConvNorm.ForwardRelu(_conv1!, _norm1!, images) : _stem.Call(images);
        var current = _pool.Call(halved); // (B, C, H / 4, W / 4)
        halved.Dispose();
        var outputs = new List<Tensor>();
        for (var i = 0; i <= _options.OutIndices.Max(); i++)
        {
            var next = _stages[i].Call(current);
            if (!_options.OutIndices.Contains(i - 1))
            {
                current.Dispose();
            }

            if (_options.OutIndices.Contains(i))
            {
                outputs.Add(next);
            }

            current = next;
        }

        return [.. outputs];
    }

    private static BackbonePlan Plan(ConfigReader reader, ResNetOptions options)
    {
        options.Check(reader.Error);
        return new(options.Outputs, () => new ResNet(options));
    }

    private Sequential[] BuildStages(int stemChannels)
    {
        var stages = new Sequential[_options.StageCount];
        for (var i = 0; i < stages.Length; i++)
        {
            var inChannels = i == 0 ? stemChannels : _options.StageChannels(i - 1);
            var name = string.Create(CultureInfo.InvariantCulture, $"layer{i + 1}");
            stages[i] = RegisterChild(name, new Sequential(BuildStage(i, inChannels)));
        }

        return stages;
    }

    private IEnumerable<Layer> BuildStage(int stage, int inChannels)
    {
        var shape = new BlockShape(
            inChannels, _options.BaseChannels << stage, _options.Strides[stage], _options.Dilations[stage],
            _options.Deform is not null && _options.StageWithDeform[stage] ? _options.Deform : null);
        var outChannels = _options.StageChannels(stage);
        for (var i = 0; i < BlockCounts[_options.Depth][stage]; i++)
        {
            yield return Block(shape, hasShortcut: shape.Stride != 1 || shape.InChannels != outChannels);
            shape = shape with { InChannels = outChannels, Stride = 1 };
        }
    }

    private ResidualBlock Block(BlockShape shape, bool hasShortcut) => _options.HasBottlenecks
        ? new Bottleneck(shape, hasShortcut, _options)
        : new BasicBlock(shape, hasShortcut, _options);

    private void FreezeStages()
    {
        IEnumerable<Module?> stem = _options.FrozenStages >= 0 ? [_stem, _conv1, _norm1] : [];
        var stages = _stages.Take(Math.Max(0, _options.FrozenStages));
        foreach (var module in stem.Concat(stages).OfType<Module>())
        {
            module.Eval();
            module.RequireGradients(false);
        }
    }
}

/// <summary>What a <see cref="ResNet"/> consists of; the names are the reference's.</summary>
public sealed record ResNetOptions
{
    /// <summary>The number of weighted layers: 18, 34, 50, 101 or 152.</summary>
    public required int Depth { get; init; }

    /// <summary>Channels of the images: 3 for colour.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels behind the stem; <see cref="BaseChannels"/> when null.</summary>
    public int? StemChannels { get; init; }

    /// <summary>Channels of the first stage, before a bottleneck's expansion; each stage doubles them.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>The number of stages, 1 to 4: <c>num_stages</c>.</summary>
    public int StageCount { get; init; } = 4;

    /// <summary>By what each stage divides the map's height and width.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [1, 2, 2, 2];

    /// <summary>Steps between the taps of each stage's 3x3 kernels.</summary>
    public IReadOnlyList<int> Dilations { get; init; } = [1, 1, 1, 1];

    /// <summary>The stages whose maps come out, from 0, rising.</summary>
    public IReadOnlyList<int> OutIndices { get; init; } = [0, 1, 2, 3];

    /// <summary>Which layer of a bottleneck halves the map.</summary>
    public ResNetStyle Style { get; init; } = ResNetStyle.PyTorch;

    /// <summary>Three 3x3 layers instead of the 7x7 one.</summary>
    public bool DeepStem { get; init; }

    /// <summary>Whether a shortcut averages before its 1x1 layer instead of striding.</summary>
    public bool AverageDown { get; init; }

    /// <summary>The stem (from 0) and that many stages keep their weights and statistics; -1: none.</summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>The norm behind each convolution.</summary>
    public NormOptions Norm { get; init; } = new();

    /// <summary>Whether batch norms use their running statistics in training, too.</summary>
    public bool NormEval { get; init; } = true;

    /// <summary>Whether the last norm of each block begins as 0, so that a block begins as the identity.</summary>
    public bool ZeroInitResidual { get; init; } = true;

    /// <summary>Into how many groups a bottleneck's 3x3 layer is split; above 1: ResNeXt.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of each of several groups, for 64 base channels: <c>base_width</c>.</summary>
    public int BaseWidth { get; init; } = 4;

    /// <summary>Makes bottlenecks' 3x3 layers deformable: <c>dcn</c>; null for none.</summary>
    public DeformOptions? Deform { get; init; }

    /// <summary>Which stages have <see cref="Deform"/>, one entry each.</summary>
    public IReadOnlyList<bool> StageWithDeform { get; init; } = [false, false, false, false];

    /// <summary>Whether blocks are bottlenecks, of three layers.</summary>
    internal bool HasBottlenecks => Depth >= 50;

    /// <summary>The maps that come out: the stem divides by 4.</summary>
    internal IReadOnlyList<MapLevel> Outputs => [.. OutIndices.Select(index => new MapLevel(
        StageChannels(index), Strides.Take(index + 1).Aggregate(4, (product, stride) => product * stride)))];

    /// <summary>The channels behind a stage.</summary>
    internal int StageChannels(int stage) => (BaseChannels << stage) * (HasBottlenecks ? Bottleneck.Expansion : 1);

    /// <summary>Channels inside of a bottleneck: arXiv:1611.05431, table 1; the group's width is rounded down.</summary>
    internal int Width(int planes) => Groups == 1 ? planes : (int)(planes * ((double)BaseWidth / BaseChannels)) * Groups;

    // The channels of each stage's norms; a bottleneck's last one has four times the first of a pair.
    private IEnumerable<int> StageWidths => Enumerable.Range(0, StageCount).SelectMany(
        stage => (int[])[BaseChannels << stage, Width(BaseChannels << stage)]);

    /// <summary>Reads depth, stages, strides, norm and what is frozen.</summary>
    /// <param name="reader">The backbone's node.</param>
    /// <param name="isV1d">Whether the type brings the deep stem and the averaging shortcuts.</param>
    internal static ResNetOptions FromConfig(ConfigReader reader, bool isV1d)
    {
        LayerConfig.RequirePlainConvolution(reader);
        LayerConfig.Refuse(reader, "plugins");

        // with_cp saves memory by computing twice: the values are the same
        // without. The engine reads init_cfg.
        reader.Ignore("with_cp", "init_cfg");
        var defaults = new ResNetOptions { Depth = reader.Int("depth") };
        return defaults with
        {
            InChannels = reader.Int("in_channels", defaults.InChannels),
            StemChannels = reader.IntOrNull("stem_channels"),
            BaseChannels = reader.Int("base_channels", defaults.BaseChannels),
            StageCount = reader.Int("num_stages", defaults.StageCount),
            Strides = reader.Ints("strides", [.. defaults.Strides]),
            Dilations = reader.Ints("dilations", [.. defaults.Dilations]),
            OutIndices = reader.Ints("out_indices", [.. defaults.OutIndices]),
            Style = reader.ChoiceOr("style", "pytorch", "pytorch", "caffe") == "caffe"
                ? ResNetStyle.Caffe
                : ResNetStyle.PyTorch,
            DeepStem = isV1d || reader.Bool("deep_stem", defaults.DeepStem),
            AverageDown = isV1d || reader.Bool("avg_down", defaults.AverageDown),
            FrozenStages = reader.Int("frozen_stages", defaults.FrozenStages),
            Norm = LayerConfig.Norm(reader) ?? defaults.Norm,
            NormEval = reader.Bool("norm_eval", defaults.NormEval),
            ZeroInitResidual = reader.Bool("zero_init_residual", defaults.ZeroInitResidual),
            Deform = LayerConfig.Deform(reader),
            StageWithDeform = reader.Bools("stage_with_dcn", [.. defaults.StageWithDeform]),
        };
    }

    /// <summary>As above, and groups and their width.</summary>
    /// <param name="reader">The backbone's node.</param>
    internal static ResNetOptions NextFromConfig(ConfigReader reader)
    {
        var options = FromConfig(reader, isV1d: false);
        if (!options.HasBottlenecks)
        {
            throw reader.Error("depth", $"must be 50, 101 or 152, got {options.Depth}. Take ResNet for shallower ones.");
        }

        return options with
        {
            Groups = reader.Positive("groups", options.Groups),
            BaseWidth = reader.Positive("base_width", options.BaseWidth),
        };
    }

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("ResNet", error);
        check.Require(ResNet.BlockCounts.ContainsKey(Depth), "depth", "must be 18, 34, 50, 101 or 152", Depth);
        check.Require(StageCount is >= 1 and <= 4, "num_stages", "must be 1 to 4", StageCount);
        check.RequireCount("strides", Strides.Count, StageCount, "stage");
        check.RequirePositive("strides", Strides);
        check.RequireCount("dilations", Dilations.Count, StageCount, "stage");
        check.RequirePositive("dilations", Dilations);
        check.RequireIndices("out_indices", OutIndices, StageCount - 1);
        check.Require(
            FrozenStages >= -1 && FrozenStages <= StageCount,
            "frozen_stages", $"must be -1 to num_stages = {StageCount}", FrozenStages);
        check.RequirePositive("in_channels", InChannels);
        check.RequirePositive("base_channels", BaseChannels);
        check.Require(
            Deform is null || HasBottlenecks, "dcn", "must be None for depths of 18 and 34, whose blocks have no bottleneck", Depth);
        if (Deform is not null)
        {
            check.RequireCount("stage_with_dcn", StageWithDeform.Count, StageCount, "stage");
        }

        check.RequirePositive("base_width", Width(BaseChannels));
        check.Require(
            Deform is null || Width(BaseChannels) % Deform.OffsetGroups == 0,
            "dcn", $"must have deform_groups that divide {Width(BaseChannels)} channels", Deform?.OffsetGroups ?? 1);
        var stem = StemChannels ?? BaseChannels;
        check.RequirePositive("stem_channels", stem);
        check.Require(!DeepStem || stem % 2 == 0, "stem_channels", "must be even for a deep stem", stem);
        Norm.RequireDivisors(
            check,
            [stem, DeepStem ? stem / 2 : stem, .. StageWidths]);
    }
}
