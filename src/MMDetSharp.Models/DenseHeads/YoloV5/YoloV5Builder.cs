using MMDetSharp.Models.Layers.YoloV5;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>Builds a YOLOv5 network row by row, as ultralytics/yolov5's models/yolo.py reads its yaml files.</summary>
internal sealed class YoloV5Builder
{
    private const int ChannelDivisor = 8;
    private readonly YoloV5Options _options;
    private readonly YoloV5Modules _modules;
    private readonly List<YoloV5Node> _nodes = [];

    private YoloV5Builder(YoloV5Options options)
    {
        _options = options;
        _modules = new YoloV5Modules(new YoloV5Style(options.Norm, options.Activation, options.CspActivation));
    }

    /// <summary>All rows but the last, and where the last one, Detect, takes its maps from.</summary>
    /// <exception cref="ArgumentException">A row is unknown or does not fit; the message names it.</exception>
    internal static (IReadOnlyList<YoloV5Node> Nodes, int[] Outputs) Build(YoloV5Options options)
    {
        var builder = new YoloV5Builder(options);
        YoloV5Row[] rows = [.. options.Backbone, .. options.Head];
        if (rows is not [.. var before, { Module: "Detect" } detect])
        {
            throw new ArgumentException(
                $"YOLOv5: the last row must be Detect, found {(rows.Length > 0 ? rows[^1].Module : "no row")}. Only " +
                "detection models are read: those that segment or classify end in another row.", nameof(options));
        }

        foreach (var row in before)
        {
            builder.Add(row);
        }

        return (builder._nodes, builder.Outputs(detect));
    }

    private int[] Outputs(YoloV5Row detect)
    {
        var outputs = Inputs(detect);
        if (Array.Exists(outputs, output => Stride(output) < 1))
        {
            throw new ArgumentException("YOLOv5: Detect's maps must not be larger than the image. Upsample less before.");
        }

        return outputs.Length == _options.Anchors.Count
            ? outputs
            : throw new ArgumentException(
                $"YOLOv5: Detect must have anchors for each of its {outputs.Length} maps, got " +
                $"{_options.Anchors.Count} " +
                "lists. Give one list of anchors for each.");
    }

    private void Add(YoloV5Row row)
    {
        try
        {
            _nodes.Add(Node(row));
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"YOLOv5: row {_nodes.Count}, {row.Module}: {error.Message}", error);
        }
    }

    private YoloV5Node Node(YoloV5Row row)
    {
        var from = Inputs(row);
        if (row.Module == "Concat")
        {
            var arguments = new YoloV5Arguments(row.Arguments);
            return arguments.Int(0, 1) == 1
                ? new(from, null, from.Sum(Channels), CommonStride(from))
                : throw new ArgumentException("dimension must be 1, the channels. Maps are joined along no other one.");
        }

        if (from.Length != 1)
        {
            throw new ArgumentException($"there must be one input, got {from.Length}. Only Concat joins several.");
        }

        var (input, stride) = (Channels(from[0]), Stride(from[0]));
        var module = _modules.Find(row.Module);
        var output = module.KeepsChannels ? input : Width(row);
        if (output <= 0)
        {
            throw new ArgumentException($"its channels must be positive, got {output}. Correct the row.");
        }

        var repeats = Depth(row.Number);
        var arguments2 = new YoloV5Arguments(module.KeepsChannels ? row.Arguments : [.. row.Arguments.Skip(1)]);
        var first = module.Make(new(input, output, repeats, arguments2));
        var layer = module.Repeats || repeats == 1
            ? first
            : new Sequential([first, .. Enumerable.Range(1, repeats - 1)
                .Select(_ => module.Make(new(input, output, repeats, arguments2)))]);
        return new(from, layer, output, stride * module.Step(arguments2));
    }

    // Half to even, as Python.
    private int Depth(int number) =>
        number > 1 ? Math.Max((int)Math.Round(number * _options.DepthMultiple), 1) : number;

    private int Width(YoloV5Row row)
    {
        var channels = new YoloV5Arguments(row.Arguments).Int(0);
        return channels == _options.OutputChannels
            ? channels
            : (int)Math.Ceiling(channels * _options.WidthMultiple / ChannelDivisor) * ChannelDivisor;
    }

    // Which rows come in, from 0; -1 is the image.
    private int[] Inputs(YoloV5Row row) =>
    [
        .. row.From.Select(from =>
        {
            var index = from < 0 ? _nodes.Count + from : from;
            return index >= -1 && index < _nodes.Count && (index >= 0 || _nodes.Count == 0)
                ? index
                : throw new ArgumentException(
                    $"row {_nodes.Count}, {row.Module}: its input {from} must be a row before it. Correct the row.");
        }),
    ];

    private int Channels(int index) => index < 0 ? _options.InChannels : _nodes[index].Channels;

    private double CommonStride(int[] from)
    {
        double[] strides = [.. from.Select(Stride).Distinct()];
        return strides.Length == 1
            ? strides[0]
            : throw new ArgumentException(FormattableString.Invariant(
                $"its inputs must have the same stride, got {strides[0]} and {strides[1]}. Correct the row, or one before it."));
    }

    private double Stride(int index) => index < 0 ? 1 : _nodes[index].Stride;
}
