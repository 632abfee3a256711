using System.Globalization;

using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// Five convolutions at each level, the coarser level's result doubled in size and put beside the finer map: Redmon and
/// Farhadi, "YOLOv3", arXiv:1804.02767, section 2.3. The reference's <c>YOLOV3Neck</c>. Keys: detect1.conv1.*, conv1.*,
/// detect2.conv1.*, ...
/// </summary>
/// <remarks>Levels come out coarsest first, as the head of the reference wants them.</remarks>
public sealed class YoloV3Neck : Neck, IDarknetNeck
{
    private readonly YoloV3NeckOptions _options;
    private readonly NamedSequential[] _detect;
    private readonly ConvModule[] _lateral;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public YoloV3Neck(YoloV3NeckOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var (input, output) = (options.InChannels, options.OutChannels);
        _detect = new NamedSequential[output.Count];
        _lateral = new ConvModule[output.Count - 1];
        _detect[0] = RegisterChild("detect1", Detection(input[0], output[0]));
        for (var i = 1; i < _detect.Length; i++)
        {
            _lateral[i - 1] = RegisterChild(Name("conv", i), Conv(output[i - 1], output[i], kernel: 1));
            _detect[i] = RegisterChild(Name("detect", i + 1), Detection(input[i] + output[i], output[i]));
        }
    }

    /// <summary>Reads <c>YOLOV3Neck</c>.</summary>
    internal static NeckPlan FromConfig(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg");
        var defaults = new YoloV3NeckOptions
        {
            InChannels = reader.Ints("in_channels"),
            OutChannels = reader.Ints("out_channels"),
        };
        var levels = reader.Int("num_scales");
        if (levels != defaults.InChannels.Count)
        {
            throw reader.Error(
                "num_scales",
                $"must be the number of in_channels, {defaults.InChannels.Count}, got {levels}. Correct one.");
        }

        var options = defaults with
        {
            Norm = LayerConfig.NormOr(reader, defaults.Norm),
            Activation = LayerConfig.ActivationOr(reader, defaults.Activation),
        };
        options.Check(reader.Error);
        return new(
            inputs =>
            {
                var coarsestFirst = inputs.Reverse().ToArray();
                MapLevel.RequireChannels(reader, "in_channels", options.InChannels, coarsestFirst, options.InChannels.Count);
                MapLevel.RequireFactor(reader, "in_channels", 2, inputs);
                return [.. coarsestFirst.Zip(options.OutChannels, (level, channels) => level with { Channels = channels })];
            },
            () => new YoloV3Neck(options));
    }

    IReadOnlyList<DarknetStage> IDarknetNeck.DarknetStages =>
        [.. _detect.Select((detect, i) => new DarknetStage(i == 0 ? [detect] : [_lateral[i - 1], detect], i))];

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        Levels.Require("YOLOV3Neck", features, _options.OutChannels.Count);
        var levels = new Tensor[_options.OutChannels.Count];
        levels[0] = _detect[0].Call(features[^1]);
        for (var i = 1; i < levels.Length; i++)
        {
            using var lateral = _lateral[i - 1].Call(levels[i - 1]);
            using var doubled = Functional.ScaleNearest(lateral, 2);
            using var both = Tensor.Cat(1, doubled, features[^(i + 1)]);
            levels[i] = _detect[i].Call(both);
        }

        return levels;
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private NamedSequential Detection(int inChannels, int outChannels) => new(
        ("conv1", Conv(inChannels, outChannels, kernel: 1)),
        ("conv2", Conv(outChannels, outChannels * 2, kernel: 3)),
        ("conv3", Conv(outChannels * 2, outChannels, kernel: 1)),
        ("conv4", Conv(outChannels, outChannels * 2, kernel: 3)),
        ("conv5", Conv(outChannels * 2, outChannels, kernel: 1)));

    private ConvModule Conv(int inChannels, int outChannels, int kernel) => new(inChannels, outChannels, new()
    {
        Kernel = kernel,
        Padding = kernel / 2,
        Norm = _options.Norm,
        Activation = _options.Activation,
    });
}

/// <summary>What a <see cref="YoloV3Neck"/> consists of; the names are the reference's.</summary>
public sealed record YoloV3NeckOptions
{
    /// <summary>The channels of each of the backbone's maps, coarsest first.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>The channels of each level that comes out, coarsest first.</summary>
    public required IReadOnlyList<int> OutChannels { get; init; }

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; } = new();

    /// <summary>The activation behind each norm; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("YOLOV3Neck", error);
        check.Require(InChannels.Count > 0, "in_channels", "must have one entry per level", "none");
        check.RequirePositive("in_channels", InChannels);
        check.RequireCount("out_channels", OutChannels.Count, InChannels.Count, "entry of in_channels");
        check.RequirePositive("out_channels", OutChannels);
        Norm?.RequireDivisors(check, OutChannels);
    }
}
