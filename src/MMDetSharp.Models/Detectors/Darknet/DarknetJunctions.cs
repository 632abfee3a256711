using MMDetSharp.Core.Darknet;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>The sections that read several layers.</summary>
internal static class DarknetJunctions
{
    /// <summary>Layers side by side, or one of several equal groups of their channels.</summary>
    internal static DarknetLayer Route(DarknetBuilder builder, DarknetSection section)
    {
        var layers = builder.Earlier(section, "layers");
        var (groups, group) = (section.Count("groups", 1), section.Int("group_id", 0));
        if (group < 0 || group >= groups)
        {
            throw section.Error("group_id", $"must lie in [0, {groups}), got {group}. Correct it.");
        }

        var shapes = Array.ConvertAll(layers, builder.ShapeOf);
        if (Array.Find(shapes, shape => !shape.HasSizeOf(shapes[0])) is { Width: > 0 } odd)
        {
            throw section.Error(
                "layers", $"must name maps of one width and height, got {string.Join(" and ", shapes)}. Correct them.");
        }

        if (Array.Find(shapes, shape => shape.Channels % groups != 0) is { Channels: > 0 } uneven)
        {
            throw section.Error("groups", $"must divide the channels of each layer, got {groups} for {uneven}. Correct it.");
        }

        return groups == 1 && layers.Length == 1
            ? new PassingLayer(layers[0], shapes[0])
            : Concatenation(layers, shapes, (groups, group));
    }

    /// <summary>The layer before plus others.</summary>
    internal static DarknetLayer Shortcut(DarknetBuilder builder, DarknetSection section)
    {
        int[] layers = [builder.Previous, .. builder.Earlier(section, "from")];
        RequireImage(builder, section);
        var shapes = Array.ConvertAll(layers, builder.ShapeOf);
        if (!Array.TrueForAll(shapes, shape => shape.HasSizeOf(shapes[0])))
        {
            throw section.Error(
                "from", $"must name maps of the size of the layer before, got {string.Join(" and ", shapes)}. Correct it.");
        }

        int[] channels = [.. shapes.Select(shape => shape.Channels)];
        return new ShortcutLayer(
            layers, channels, shapes[0], (Weights(section), DarknetActivation.Read(section, "linear")));
    }

    /// <summary>Squeeze and excite (Hu et al., arXiv:1709.01507): maps times one number a channel, or a place.</summary>
    internal static DarknetLayer ScaleChannels(DarknetBuilder builder, DarknetSection section)
    {
        var (scale, map, layer) = Factors(builder, section);
        var expected = section.Flag("scale_wh") ? map with { Channels = 1 } : map with { Height = 1, Width = 1 };
        return scale == expected ? Product(builder, section, layer) : throw section.Error(
            $"must follow a layer of {expected} to scale {map}, it follows one of {scale}. Correct from.");
    }

    /// <summary>Spatial attention (YOLOv4's SAM, after Woo et al., arXiv:1807.06521): the product of two maps.</summary>
    internal static DarknetLayer SpatialAttention(DarknetBuilder builder, DarknetSection section)
    {
        var (scale, map, layer) = Factors(builder, section);
        return scale == map ? Product(builder, section, layer) : throw section.Error(
            $"must follow a layer of {map}, which it multiplies, it follows one of {scale}. Correct from.");
    }

    private static FunctionLayer Concatenation(int[] layers, DarknetShape[] shapes, (int Count, int Id) groups)
    {
        var parts = Array.ConvertAll(shapes, shape => shape.Channels / groups.Count);
        return new FunctionLayer(layers, shapes[0] with { Channels = parts.Sum() }, inputs =>
        {
            var chosen = groups.Count == 1
                ? inputs
                : [.. inputs.Select((map, i) => map.Narrow(1, (long)parts[i] * groups.Id, parts[i]))];
            return chosen.Length == 1 ? chosen[0] : Tensor.Cat(1, chosen);
        });
    }

    private static ShortcutWeights Weights(DarknetSection section)
    {
        var layout = section.Choice("weights_type", "none", "none", "per_feature", "per_layer", "per_channel") switch
        {
            "none" => ShortcutLayout.None,
            "per_channel" => ShortcutLayout.PerChannel,
            _ => ShortcutLayout.PerFeature,
        };
        var normalisation = section.Choice("weights_normalization", "none", "none", "relu", "avg_relu", "softmax") switch
        {
            "none" => ShortcutNormalisation.None,
            "softmax" => ShortcutNormalisation.Softmax,
            _ => ShortcutNormalisation.Relu,
        };
        return new(layout, normalisation);
    }

    private static void RequireImage(DarknetBuilder builder, DarknetSection section)
    {
        if (builder.Previous < 0)
        {
            throw section.Error("must follow a layer, it is the first. Move it.");
        }
    }

    private static (DarknetShape Scale, DarknetShape Map, int Layer) Factors(DarknetBuilder builder, DarknetSection section)
    {
        var layers = builder.Earlier(section, "from");
        return layers.Length == 1
            ? (builder.PreviousShape, builder.ShapeOf(layers[0]), layers[0])
            : throw section.Error("from", $"must name one layer, got {layers.Length}. Correct it.");
    }

    private static FunctionLayer Product(DarknetBuilder builder, DarknetSection section, int layer)
    {
        var activation = DarknetActivation.Read(section, "linear");
        return new FunctionLayer([builder.Previous, layer], builder.ShapeOf(layer), inputs =>
        {
            var product = inputs[1] * inputs[0];
            return activation is null ? product : activation(product);
        });
    }
}
