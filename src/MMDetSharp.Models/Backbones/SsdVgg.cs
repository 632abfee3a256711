using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// VGG (Simonyan and Zisserman, arXiv:1409.1556, table 1) as SSD has it: Liu et al., "SSD: Single Shot MultiBox Detector",
/// arXiv:1512.02325, section 3 and figure 2. Its two large linear layers are convolutions, the first one dilated, and pairs of
/// small convolutions behind them shrink the map to one place. There are no batch norms, and all layers learn. Keys:
/// features.N, where convolutions, ReLUs and poolings count alike, extra.N, l2_norm.weight.
/// </summary>
public sealed class SsdVgg : Backbone
{
    // arXiv:1409.1556, table 1, columns A, B, D and E: convolutions of each stage.
    private static readonly Dictionary<int, int[]> s_stages = new()
    {
        [11] = [1, 1, 2, 2, 2],
        [13] = [2, 2, 2, 2, 2],
        [16] = [2, 2, 3, 3, 3],
        [19] = [2, 2, 4, 4, 4],
    };

    private static readonly Conv2dOptions s_halving = new() { Kernel = 3, Stride = 2, Padding = 1 };
    private static readonly Conv2dOptions s_unpadded = new() { Kernel = 3 };

    // Behind a map of stride 16. Where nothing is strided any more, the few places left are spread over the whole image:
    // 300 pixels by 3 and by 1, 512 by 1.
    private static readonly Dictionary<int, ExtraPair[]> s_extra = new()
    {
        [300] =
        [
            new(4, 8, s_halving, 32), new(2, 4, s_halving, 64), new(2, 4, s_unpadded, 100), new(2, 4, s_unpadded, 300),
        ],
        [512] =
        [
            new(4, 8, s_halving, 32), new(2, 4, s_halving, 64), new(2, 4, s_halving, 128), new(2, 4, s_halving, 256),
            new(2, 4, new() { Kernel = 4, Padding = 1 }, 512),
        ],
    };

    private readonly SsdVggOptions _options;
    private readonly Sequential _features;
    private readonly Sequential _extra;
    private readonly L2Norm _norm;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public SsdVgg(SsdVggOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        Outputs = MapsOf(options);
        _features = RegisterChild("features", new Sequential(Features(options).Select(layer => layer.Create())));
        _extra = RegisterChild("extra", new Sequential(Extra(options)));
        _norm = RegisterChild("l2_norm", new L2Norm(Outputs[0].Channels, options.L2NormScale));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs { get; }

    /// <summary>The least height and width of images: the last map has one place then.</summary>
    public override int LeastSide
    {
        get
        {
            var side = Pairs(_options).Reverse().Select(pair => pair.Shrinking).Aggregate(
                1, (places, conv) => ((places - 1) * conv.Stride) + conv.Kernel - (2 * conv.Padding));
            for (var stride = Features(_options)[^1].Output.Stride; stride > 1; stride /= 2)
            {
                side = _options.CeilMode ? (2 * side) - 1 : 2 * side;
            }

            return side;
        }
    }

    /// <summary>The depths that there are.</summary>
    internal static IReadOnlyCollection<int> Depths => s_stages.Keys;

    /// <summary>Reads <c>SSDVGG</c>.</summary>
    internal static BackbonePlan FromConfig(ConfigReader reader)
    {
        // As the reference: what comes out, out_feature_indices says. The engine reads init_cfg.
        reader.Ignore("out_indices", "init_cfg");
        var defaults = new SsdVggOptions { InputSize = reader.Int("input_size"), Depth = reader.Int("depth") };
        var options = defaults with
        {
            BaseChannels = reader.Positive("base_channels", defaults.BaseChannels),
            WithLastPool = reader.Bool("with_last_pool", defaults.WithLastPool),
            CeilMode = reader.Bool("ceil_mode", defaults.CeilMode),
            OutFeatureIndices = reader.Ints("out_feature_indices", [.. defaults.OutFeatureIndices]),
            L2NormScale = reader.Positive("l2_norm_scale", defaults.L2NormScale),
            MapCount = reader.IntOrNull("num_outs"),
        };
        options.Check(reader.Error);
        return new(MapsOf(options), () => new SsdVgg(options));
    }

    /// <summary>He's normal rule for VGG's layers, Glorot's for those behind them; the norm's factors to their scale.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        foreach (var conv in _extra.Layers.Cast<Conv2d>())
        {
            Initializers.XavierUniform(conv.Weight, generator);
        }

        _norm.InitWeights(generator);
    }

    /// <summary>VGG's ReLUs: their places among its layers.</summary>
    internal static int[] Relus(SsdVggOptions options) =>
        [.. Features(options).Index().Where(entry => entry.Item.IsRelu).Select(entry => entry.Index)];

    /// <summary>How many maps the layers behind VGG's can add.</summary>
    internal static int ExtraCount(int inputSize) => s_extra[inputSize].Length;

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var maps = new List<Tensor>();
        var current = images;
        for (var i = 0; i < _features.Layers.Count; i++)
        {
            var next = _features.Layers[i].Call(current);
            if (next != current && current != images && !maps.Contains(current))
            {
                current.Dispose();
            }

            current = next;
            if (_options.OutFeatureIndices.Contains(i))
            {
                maps.Add(current);
            }
        }

        maps[0] = _norm.Call(maps[0]); // section 3.1: conv4_3's numbers are larger than those of the others
        for (var i = 0; i < _extra.Layers.Count; i += 2)
        {
            current = _extra.Layers[i + 1].Call(_extra.Layers[i].Call(current).Relu()).Relu();
            maps.Add(current);
        }

        return [.. maps];
    }

    private static MapLevel[] MapsOf(SsdVggOptions options)
    {
        var features = Features(options);
        return
        [
            .. options.OutFeatureIndices.Select(index => features[index].Output),
            .. Pairs(options).Select(pair => new MapLevel(
                pair.Widened * options.BaseChannels, pair.Stride * features[^1].Output.Stride / 16)),
        ];
    }

    private static List<VggLayer> Features(SsdVggOptions options)
    {
        var layers = new List<VggLayer>();
        var map = new MapLevel(3, 1);
        foreach (var (stage, count) in s_stages[options.Depth].Index())
        {
            for (var i = 0; i < count; i++)
            {
                Convolve(options.BaseChannels << Math.Min(stage, 3), new() { Kernel = 3, Padding = 1 });
            }

            if (stage < 4 || options.WithLastPool)
            {
                map = map with { Stride = map.Stride * 2 };
                layers.Add(new(map, () => new MaxPool2d(kernel: 2, stride: 2, ceilMode: options.CeilMode)));
            }
        }

        // Section 3: pool5 keeps the map's size; fc6 and fc7 become convolutions, fc6 with gaps in its kernel.
        layers.Add(new(map, () => new MaxPool2d(kernel: 3, stride: 1, padding: 1)));
        Convolve(options.BaseChannels * 16, new() { Kernel = 3, Padding = 6, Dilation = 6 });
        Convolve(options.BaseChannels * 16, new() { Kernel = 1 });
        return layers;

        void Convolve(int channels, Conv2dOptions conv)
        {
            var inputs = map.Channels;
            map = map with { Channels = channels };
            layers.Add(new(map, () => new Conv2d(inputs, channels, conv)));
            layers.Add(new(map, () => new Relu(inPlace: true)) { IsRelu = true });
        }
    }

    // Figure 2: before each layer that shrinks the map, a 1x1 layer of few channels.
    private static IEnumerable<Conv2d> Extra(SsdVggOptions options)
    {
        var channels = options.BaseChannels * 16;
        foreach (var pair in Pairs(options))
        {
            yield return new(channels, pair.Squeezed * options.BaseChannels, new() { Kernel = 1 });
            channels = pair.Widened * options.BaseChannels;
            yield return new(pair.Squeezed * options.BaseChannels, channels, pair.Shrinking);
        }
    }

    private static IEnumerable<ExtraPair> Pairs(SsdVggOptions options) => options.MapCount is { } count
        ? s_extra[options.InputSize].Take(count - options.OutFeatureIndices.Count)
        : s_extra[options.InputSize];

    /// <summary>One of VGG's layers, its map, and how it is made.</summary>
    private sealed record VggLayer(MapLevel Output, Func<Layer> Create)
    {
        public bool IsRelu { get; init; }
    }

    /// <summary>A 1x1 layer and one that shrinks the map: their channels in base channels, the map's stride.</summary>
    private sealed record ExtraPair(int Squeezed, int Widened, Conv2dOptions Shrinking, int Stride);
}

/// <summary>What a <see cref="SsdVgg"/> consists of; the names are the reference's, but for two of our own.</summary>
public sealed record SsdVggOptions
{
    /// <summary>Side of the images that it is made for, 300 or 512: decides on the layers behind VGG's.</summary>
    public required int InputSize { get; init; }

    /// <summary>The number of VGG's weighted layers: 11, 13, 16 or 19.</summary>
    public required int Depth { get; init; }

    /// <summary>Ours: channels of the first stage; those of all other layers follow from it.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>Whether a pooling of stride 2 follows the last stage, too.</summary>
    public bool WithLastPool { get; init; }

    /// <summary>Whether a pooling counts the last row and column of an odd map.</summary>
    public bool CeilMode { get; init; } = true;

    /// <summary>Which of VGG's layers come out, from 0, rising: ReLUs. The first one's map is normalised.</summary>
    public IReadOnlyList<int> OutFeatureIndices { get; init; } = [22, 34];

    /// <summary>What the factors behind the norm begin as.</summary>
    public double L2NormScale { get; init; } = 20;

    /// <summary>Ours, <c>num_outs</c>: so many maps come out, the finest ones; null: all.</summary>
    public int? MapCount { get; init; }

    /// <summary>Fails when options contradict each other.</summary>
    /// <param name="error">See <see cref="OptionCheck"/>.</param>
    internal void Check(Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("SSDVGG", error);
        check.Require(InputSize is 300 or 512, "input_size", "must be 300 or 512", InputSize);
        check.Require(SsdVgg.Depths.Contains(Depth), "depth", "must be 11, 13, 16 or 19", Depth);
        check.RequirePositive("base_channels", BaseChannels);
        check.RequirePositive("l2_norm_scale", L2NormScale);
        var relus = SsdVgg.Relus(this);
        check.Require(
            OutFeatureIndices.Count > 0 && OutFeatureIndices.All(relus.Contains)
            && OutFeatureIndices.Zip(OutFeatureIndices.Skip(1)).All(pair => pair.First < pair.Second),
            "out_feature_indices", $"must name ReLUs, rising, some of {string.Join(", ", relus)}",
            $"({string.Join(", ", OutFeatureIndices)})");
        var (least, most) = (OutFeatureIndices.Count, OutFeatureIndices.Count + SsdVgg.ExtraCount(InputSize));
        check.Require(
            MapCount is null || (MapCount >= least && MapCount <= most), "num_outs", $"must be {least} to {most}", MapCount ?? 0);
    }
}
