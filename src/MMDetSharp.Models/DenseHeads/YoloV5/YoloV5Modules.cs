using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.YoloV5;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// The modules that rows may name, with the order and defaults of the arguments that YOLOv5 gives them.
/// </summary>
internal sealed class YoloV5Modules
{
    private readonly YoloV5Style _style;
    private readonly Dictionary<string, YoloV5Module> _table;

    /// <param name="style">Norm and activation.</param>
    internal YoloV5Modules(YoloV5Style style)
    {
        _style = style;
        _table = new()
        {
            ["Conv"] = new(Convolution) { StepPlace = 1 },
            ["DWConv"] = new(DepthWise) { StepPlace = 1 },
            ["Focus"] = new(Focus) { StepPlace = 1, OwnStep = 2 },
            ["Bottleneck"] = new(input => new YoloV5Bottleneck(style, input.In, input.Out, CspOptions(input))),
            ["BottleneckCSP"] = new(Csp) { Repeats = true },
            ["C3"] = new(input => YoloV5C3.Plain(style, input.In, input.Out, CspOptions(input))) { Repeats = true },
            ["C3Ghost"] = new(input => YoloV5C3.Ghost(style, input.In, input.Out, CspOptions(input)))
            {
                Repeats = true,
            },
            ["SPP"] = new(input => new YoloV5Spp(style, input.In, input.Out, Odd(input.Arguments.Ints(0, [5, 9, 13])))),
            ["SPPF"] = new(input => new YoloV5Sppf(style, input.In, input.Out, Odd(input.Arguments.Int(0, 5))[0])),
            ["GhostConv"] = new(Ghost) { StepPlace = 1 },
            ["GhostBottleneck"] = new(GhostBottleneck) { StepPlace = 1 },
            ["nn.Conv2d"] = new(PlainConvolution) { StepPlace = 1 },
            ["nn.BatchNorm2d"] = new(input => style.Norm.Create(input.In)) { KeepsChannels = true },
            ["nn.Identity"] = new(_ => new YoloV5Identity()) { KeepsChannels = true },
            ["nn.Upsample"] = new(Upsample) { KeepsChannels = true, DividesStep = true, StepPlace = 1 },
            ["nn.MaxPool2d"] = new(MaxPool) { KeepsChannels = true, StepPlace = 1 },
        };
    }

    /// <summary>The module of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal YoloV5Module Find(string name) => _table.TryGetValue(name, out var module)
        ? module
        : throw new ArgumentException(
            $"there is no such module here. Known are {string.Join(", ", _table.Keys)}, Concat and Detect.");

    // (c2, n, shortcut, groups, expansion); n comes from the row.
    private static YoloV5CspOptions CspOptions(YoloV5ModuleInput input) => new()
    {
        Count = input.Repeats,
        Shortcut = input.Arguments.Bool(0, true),
        Groups = input.Arguments.Int(1, 1),
        Expansion = input.Arguments.Float(2, 0.5),
    };

    private YoloV5BottleneckCsp Csp(YoloV5ModuleInput input) =>
        new(_style, input.In, input.Out, CspOptions(input));

    // (c2, k, s, p, g, act)
    private ConvModule Convolution(YoloV5ModuleInput input) =>
        _style.Conv(input.In, input.Out, Geometry(input.Arguments));

    private ConvModule DepthWise(YoloV5ModuleInput input)
    {
        var kernel = input.Arguments.Int(0, 1);
        return _style.Conv(input.In, input.Out, RequireDivision(new ConvModuleOptions
        {
            Kernel = kernel,
            Stride = input.Arguments.Int(1, 1),
            Padding = kernel / 2,
            Groups = Divisor(input.In, input.Out),
        }));
    }

    private YoloV5Focus Focus(YoloV5ModuleInput input) =>
        new(_style.Conv(4 * input.In, input.Out, Geometry(input.Arguments)));

    // (c2, k, s, g, act)
    private YoloV5GhostConv Ghost(YoloV5ModuleInput input)
    {
        var kernel = input.Arguments.Int(0, 1);
        return new(_style, input.In, input.Out, RequireDivision(new ConvModuleOptions
        {
            Kernel = kernel,
            Stride = input.Arguments.Int(1, 1),
            Padding = kernel / 2,
            Groups = input.Arguments.Int(2, 1),
            Activation = input.Arguments.Bool(3, true) ? new() : null,
        }));
    }

    private YoloV5GhostBottleneck GhostBottleneck(YoloV5ModuleInput input)
    {
        var (kernel, stride) = (input.Arguments.Int(0, 3), input.Arguments.Int(1, 1));
        return kernel > 0 && kernel % 2 == 1 && (stride == 2 || (stride == 1 && input.In == input.Out))
            ? new(_style, input.In, input.Out, (kernel, stride))
            : throw new ArgumentException(
                "its kernel must be odd and its stride 2, or 1 between equal channels, got " +
                $"kernel {kernel}, stride {stride}, {input.In} to {input.Out} channels. Correct the row.");
    }

    // (c2, k, s, p)
    private static Conv2d PlainConvolution(YoloV5ModuleInput input) => new(
        input.In, input.Out, RequireDivision(new ConvModuleOptions
        {
            Kernel = input.Arguments.Int(0, 1),
            Stride = input.Arguments.Int(1, 1),
            Padding = input.Arguments.Int(2, 0),
            Groups = input.Arguments.Int(4, 1),
            Bias = input.Arguments.Bool(5, true),
        }).Convolution);

    // (size, scale_factor, mode)
    private static YoloV5Upsample Upsample(YoloV5ModuleInput input) =>
        input.Arguments.Text(2, "nearest") == "nearest" && input.Arguments.Text(0, "None") == "None"
        && input.Arguments.Float(1, 2) is var factor && factor >= 1 && factor % 1 == 0
            ? new YoloV5Upsample(factor)
            : throw new ArgumentException("it must be [None, whole factor, 'nearest']. Other upsampling is not read.");

    // (k, s, p)
    private static MaxPool2d MaxPool(YoloV5ModuleInput input)
    {
        var kernel = input.Arguments.Int(0);
        var geometry = RequireDivision(new ConvModuleOptions
        {
            Kernel = kernel,
            Stride = input.Arguments.Int(1, kernel),
            Padding = input.Arguments.Int(2, 0),
        });
        return new(geometry.Kernel, geometry.Stride, geometry.Padding);
    }

    private static ConvModuleOptions Geometry(YoloV5Arguments arguments)
    {
        var kernel = arguments.Int(0, 1);
        return RequireDivision(new ConvModuleOptions
        {
            Kernel = kernel,
            Stride = arguments.Int(1, 1),
            Padding = arguments.Int(2, kernel / 2),
            Groups = arguments.Int(3, 1),
            Activation = arguments.Bool(4, true) ? new() : null,
        });
    }

    // (H + 2 p - k) / s + 1, rounded down, is H / s for every multiple H of s: what rows are joined by.
    private static ConvModuleOptions RequireDivision(ConvModuleOptions geometry)
    {
        var rest = geometry.Kernel - (2 * geometry.Padding);
        return geometry.Kernel > 0 && geometry.Padding >= 0 && rest >= 1 && rest <= geometry.Stride
            ? geometry
            : throw new ArgumentException(
                "kernel - 2 padding must be 1 to the stride, so that the map is divided by the stride, got kernel " +
                $"{geometry.Kernel}, padding {geometry.Padding}, stride {geometry.Stride}. Correct the row.");
    }

    // Windows of odd sides keep a map's size.
    private static int[] Odd(params int[] kernels) => Array.TrueForAll(kernels, kernel => kernel > 0 && kernel % 2 == 1)
        ? kernels
        : throw new ArgumentException($"kernels must be odd, got [{string.Join(", ", kernels)}]. Correct the row.");

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}

/// <summary>What a module is made from.</summary>
/// <param name="In">Channels of its input.</param>
/// <param name="Out">Channels of its output.</param>
/// <param name="Repeats">How many blocks, after the depth multiple.</param>
/// <param name="Arguments">Those after the channels.</param>
internal sealed record YoloV5ModuleInput(int In, int Out, int Repeats, YoloV5Arguments Arguments);

/// <summary>A module that rows may name.</summary>
/// <param name="Make">Builds its layer.</param>
internal sealed record YoloV5Module(Func<YoloV5ModuleInput, Layer> Make)
{
    /// <summary>Whether its output has its input's channels, so that no argument tells them.</summary>
    internal bool KeepsChannels { get; init; }

    /// <summary>Whether it repeats inside itself instead of standing several times in a row.</summary>
    internal bool Repeats { get; init; }

    /// <summary>Which argument is its stride or factor; null for none.</summary>
    internal int? StepPlace { get; init; }

    /// <summary>The stride that it has besides.</summary>
    internal int OwnStep { get; init; } = 1;

    /// <summary>Whether the argument makes the map larger.</summary>
    internal bool DividesStep { get; init; }

    /// <summary>By what it makes the distance of places larger.</summary>
    internal double Step(YoloV5Arguments arguments)
    {
        var step = StepPlace is { } place ? arguments.Float(place, 1) : 1;
        return DividesStep ? OwnStep / step : OwnStep * step;
    }
}
