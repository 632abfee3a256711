using System.Globalization;

using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// Darknet-53: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, table 1. Keys: conv1.conv, conv1.bn,
/// conv_res_block1.conv.*, conv_res_block1.res0.conv1.*, ...
/// </summary>
public sealed class Darknet : Backbone
{
    /// <summary>The number of stages; each halves the map.</summary>
    internal const int StageCount = 5;

    // Table 1: residual blocks behind each halving, and the channels there.
    private static readonly int[] s_blocks = [1, 2, 8, 8, 4];
    private static readonly int[] s_channels = [32, 64, 128, 256, 512, 1024];

    private readonly DarknetOptions _options;
    private readonly Layer[] _stages;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public Darknet(DarknetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _stages = new Layer[StageCount + 1];
        _stages[0] = RegisterChild<Layer>("conv1", Conv(3, s_channels[0], kernel: 3));
        for (var i = 1; i <= StageCount; i++)
        {
            _stages[i] = RegisterChild(string.Create(CultureInfo.InvariantCulture, $"conv_res_block{i}"), Stage(i));
        }

        FreezeStages();
    }

    /// <summary>The channels behind the first layer and each halving.</summary>
    internal static IReadOnlyList<int> Channels => s_channels;

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs => MapsOf(_options);

    /// <summary>Reads <c>Darknet</c>.</summary>
    internal static BackbonePlan FromConfig(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg"); // the engine reads it
        var defaults = new DarknetOptions();
        var options = defaults with
        {
            Depth = reader.Int("depth", defaults.Depth),
            OutIndices = reader.Ints("out_indices", [.. defaults.OutIndices]),
            FrozenStages = reader.Int("frozen_stages", defaults.FrozenStages),
            Norm = LayerConfig.NormOr(reader, defaults.Norm),
            Activation = LayerConfig.ActivationOr(reader, defaults.Activation),
            NormEval = reader.Bool("norm_eval", defaults.NormEval),
        };
        options.Check(reader.Error);
        return new(MapsOf(options), () => new Darknet(options));
    }

    /// <summary>
    /// Switches between training and evaluation; frozen stages, and with <see cref="DarknetOptions.NormEval"/> all
    /// batch norms, stay in evaluation.
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

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var current = images;
        var outputs = new List<Tensor>();
        for (var i = 0; i <= _options.OutIndices.Max(); i++)
        {
            var next = _stages[i].Call(current);
            if (i > 0 && !_options.OutIndices.Contains(i - 1))
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

    private static MapLevel[] MapsOf(DarknetOptions options) =>
        [.. options.OutIndices.Select(index => new MapLevel(s_channels[index], 1 << index))];

    private NamedSequential Stage(int stage)
    {
        var channels = s_channels[stage];
        var down = Conv(s_channels[stage - 1], channels, kernel: 3, stride: 2);
        var layers = new List<(string, Layer)> { ("conv", down) };
        for (var i = 0; i < s_blocks[stage - 1]; i++)
        {
            layers.Add((string.Create(CultureInfo.InvariantCulture, $"res{i}"), Residual(channels)));
        }

        return new(layers);
    }

    private NamedSequential Residual(int channels) => new(
        ("conv1", Conv(channels, channels / 2, kernel: 1)),
        ("conv2", Conv(channels / 2, channels, kernel: 3)))
    {
        HasShortcut = true,
    };

    private ConvModule Conv(int inChannels, int outChannels, int kernel, int stride = 1)
    {
        return new(inChannels, outChannels, new()
        {
            Kernel = kernel,
            Stride = stride,
            Padding = kernel / 2,
            Norm = _options.Norm,
            Activation = _options.Activation,
        });
    }

    private void FreezeStages()
    {
        foreach (var stage in _stages.Take(_options.FrozenStages))
        {
            stage.Eval();
            stage.RequireGradients(false);
        }
    }
}

/// <summary>What a <see cref="Darknet"/> consists of; the names are the reference's.</summary>
public sealed record DarknetOptions
{
    /// <summary>The number of layers; 53 is the only one.</summary>
    public int Depth { get; init; } = 53;

    /// <summary>The stages whose maps come out: 0 the first layer, 1 to 5 the halvings; rising.</summary>
    public IReadOnlyList<int> OutIndices { get; init; } = [3, 4, 5];

    /// <summary>
    /// That many stages, the first layer among them, keep their weights and statistics; 0 or less: none.
    /// </summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; } = new();

    /// <summary>The activation behind each norm; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>Whether batch norms use their running statistics in training, too.</summary>
    public bool NormEval { get; init; } = true;

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("Darknet", error);
        check.Require(Depth == 53, "depth", "must be 53", Depth);
        check.RequireIndices("out_indices", OutIndices, Darknet.StageCount);
        check.Require(
            FrozenStages >= -1 && FrozenStages <= Darknet.StageCount + 1,
            "frozen_stages", $"must be -1 to {Darknet.StageCount + 1}", FrozenStages);
        Norm?.RequireDivisors(check, Darknet.Channels);
    }
}
