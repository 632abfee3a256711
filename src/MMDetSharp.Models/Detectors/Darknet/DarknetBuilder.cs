using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Darknet;
using MMDetSharp.Models.DenseHeads.Darknet;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>Makes the network of a cfg, one layer a section (parser.c, parse_network_cfg).</summary>
internal sealed class DarknetBuilder
{
    private static readonly Dictionary<string, Func<DarknetBuilder, DarknetSection, DarknetLayer>> s_sections = new()
    {
        ["convolutional"] = DarknetSections.Convolutional,
        ["conv"] = DarknetSections.Convolutional,
        ["maxpool"] = DarknetSections.MaxPool,
        ["max"] = DarknetSections.MaxPool,
        ["local_avgpool"] = DarknetSections.LocalAveragePool,
        ["local_avg"] = DarknetSections.LocalAveragePool,
        ["avgpool"] = (builder, _) => DarknetSections.AveragePool(builder),
        ["avg"] = (builder, _) => DarknetSections.AveragePool(builder),
        ["upsample"] = DarknetSections.Upsample,
        ["dropout"] = DarknetSections.Dropout,
        ["activation"] = DarknetSections.Activation,
        ["batchnorm"] = (builder, _) => DarknetSections.BatchNorm(builder),
        ["empty"] = (builder, _) => DarknetSections.Empty(builder),
        ["silence"] = (builder, _) => DarknetSections.Empty(builder),
        ["route"] = DarknetJunctions.Route,
        ["shortcut"] = DarknetJunctions.Shortcut,
        ["scale_channels"] = DarknetJunctions.ScaleChannels,
        ["sam"] = DarknetJunctions.SpatialAttention,
        ["reorg"] = DarknetReorg.Reorg,
        ["reorg3d"] = DarknetReorg.Reorg3d,
        ["yolo"] = DarknetHeads.Yolo,
        ["region"] = DarknetHeads.Region,
    };

    private readonly List<DarknetLayer> _layers = [];
    private readonly List<DarknetSection> _sections = [];
    private readonly List<(int Layer, DetectionLayerOptions Options)> _detections = [];
    private readonly DarknetShape _input;

    private DarknetBuilder(DarknetShape input) => _input = input;

    /// <summary>The number of the layer that is being made.</summary>
    internal int Index => _layers.Count;

    /// <summary>The number of the layer before.</summary>
    internal int Previous => Index - 1;

    /// <summary>The output shape of the layer before.</summary>
    internal DarknetShape PreviousShape => ShapeOf(Previous);

    /// <summary>Builds the layers of a cfg in order, and checks that their shapes fit.</summary>
    /// <exception cref="ConfigException">The cfg cannot be a network; the message tells file and line.</exception>
    internal static DarknetNetwork Build(DarknetConfig config)
    {
        var builder = new DarknetBuilder(Input(config.Net));
        try
        {
            foreach (var section in config.Layers)
            {
                builder.Add(section);
            }

            return builder._detections.Count > 0 ? builder.Network() : throw config.Net.Error(
                "describes no detector: a section [yolo] or [region] is needed. Name a detector's cfg.");
        }
        catch
        {
            builder._layers.ForEach(layer => layer.Dispose());
            throw;
        }
    }

    /// <summary>The output shape of a layer; the image's for -1.</summary>
    internal DarknetShape ShapeOf(int layer) => layer < 0 ? _input : _layers[layer].Shape;

    /// <summary>The numbers of the layers that a key names: from 0, or, where negative, back from this one.</summary>
    /// <exception cref="ConfigException">There are none, or one is not before this layer.</exception>
    internal int[] Earlier(DarknetSection section, string key)
    {
        var written = section.Ints(key);
        return written.Length > 0 ? Array.ConvertAll(written, value => Earlier(section, key, value)) : throw section.Error(
            key, $"is missing: it names the layers to read. Add {key}=-1 and the like.");
    }

    /// <summary>Notes that the layer being made finds objects.</summary>
    internal void AddDetection(DarknetSection section, DetectionLayerOptions options)
    {
        if (_detections.Count > 0 && _detections[0].Options.Classes != options.Classes)
        {
            throw section.Error(
                "classes", $"must be the same in all detection layers, got {options.Classes} after " +
                $"{_detections[0].Options.Classes}. Correct one.");
        }

        _detections.Add((Index, options));
    }

    private static DarknetShape Input(DarknetSection net)
    {
        var input = new DarknetShape(net.Count("channels", 3), net.Count("height", 0), net.Count("width", 0));
        net.Flag("letter_box");
        if (net.Int("time_steps", 1) > 1)
        {
            throw net.Error("time_steps", "must be 1: networks over several images are not supported. Remove it.");
        }

        net.Ignore(DarknetKeys.Net);
        net.Done();
        return input;
    }

    private void Add(DarknetSection section)
    {
        if (!s_sections.TryGetValue(section.Type, out var make))
        {
            throw Unknown(section);
        }

        section.Refuse("dontload", "a layer without numbers in the weights");
        section.Refuse("dontloadscales", "a norm without numbers in the weights");
        section.Ignore(DarknetKeys.Layer);
        var layer = make(this, section);
        if (Previous >= 0 && layer.Sources.Contains(Previous) && IsDetection(Previous))
        {
            throw section.Error("must not read the detection layer before it. Put a [route] between them.");
        }

        _layers.Add(layer);
        _sections.Add(section);
        section.Done();
        if (layer.Shape is { Height: < 1 } or { Width: < 1 })
        {
            throw section.Error(
                $"gives nothing: its window does not fit into {PreviousLayerShape()}. Enlarge [net] width and height.");
        }
    }

    private DarknetShape PreviousLayerShape() => ShapeOf(Index - 2);

    private int Earlier(DarknetSection section, string key, int written)
    {
        var layer = written < 0 ? Index + written : written;
        if (layer < 0 || layer >= Index)
        {
            var where = layer == Index ? "this very layer: a cycle"
                : layer > Index ? "a later one: a cycle"
                : $"{-layer} before the first";
            throw section.Error(
                key, $"must name layers before this one, which is layer {Index}; {written} is layer {layer}, {where}. " +
                "Correct it.");
        }

        return !IsDetection(layer) ? layer : throw section.Error(
            key, $"must not name a detection layer, {written} is the [{_sections[layer].Type}] of " +
            $"{_sections[layer].Origin}. Name the layer before it.");
    }

    private bool IsDetection(int layer) => _sections[layer].Type is "yolo" or "region";

    private DarknetNetwork Network() => new(_input, _layers, _detections);

    private static ConfigException Unknown(DarknetSection section)
    {
        if (DarknetKeys.OtherSections.Contains(section.Type))
        {
            return section.Error(
                $"is a section of Darknet that is not supported. Known are {string.Join(", ", s_sections.Keys)}.");
        }

        var nearest = NearestName.Of(section.Type, s_sections.Keys.Concat(DarknetKeys.OtherSections));
        return section.Error(
            $"is no section of Darknet. {NearestName.Question(nearest, $"Known are {string.Join(", ", s_sections.Keys)}.")}");
    }
}
