using MMDetSharp.Core.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>The sections that read the layer before.</summary>
internal static class DarknetSections
{
    internal static DarknetLayer Convolutional(DarknetBuilder builder, DarknetSection section)
    {
        RefuseVariants(section);
        section.Ignore(DarknetKeys.Convolutional);
        var input = builder.PreviousShape;
        var options = Options(section, input);
        var shape = new DarknetShape(
            Filters(section, options.Groups),
            Extent(input.Height, options, options.Stride),
            Extent(input.Width, options, options.StrideX ?? options.Stride));
        var activation = DarknetActivation.Read(section, "logistic");
        return new ConvolutionLayer((builder.Previous, input.Channels, shape), options, activation);
    }

    internal static DarknetLayer MaxPool(DarknetBuilder builder, DarknetSection section)
    {
        section.Ignore(DarknetKeys.MaxPool);
        section.Refuse("antialiasing", "antialiasing");
        if (section.Flag("maxpool_depth"))
        {
            return MaxOverDepth(builder, section);
        }

        section.Ignore(["out_channels"]);
        var pooling = Pooling(section);
        return Function(builder, pooling.Shape(builder.PreviousShape), pooling.Max);
    }

    internal static DarknetLayer LocalAveragePool(DarknetBuilder builder, DarknetSection section)
    {
        var pooling = Pooling(section);
        return Function(builder, pooling.Shape(builder.PreviousShape), pooling.Mean);
    }

    internal static DarknetLayer AveragePool(DarknetBuilder builder) => Function(
        builder, builder.PreviousShape with { Height = 1, Width = 1 }, map => Functional.AdaptiveAvgPool2d(map, 1, 1));

    internal static DarknetLayer Upsample(DarknetBuilder builder, DarknetSection section)
    {
        var (stride, scale) = (section.Count("stride", 2), section.Float("scale", 1));
        var input = builder.PreviousShape;
        var shape = input with { Height = input.Height * stride, Width = input.Width * stride };
        return Function(builder, shape, map =>
        {
            var larger = Functional.ScaleNearest(map, stride);
            return scale == 1 ? larger : larger * scale;
        });
    }

    internal static DarknetLayer Dropout(DarknetBuilder builder, DarknetSection section)
    {
        section.Ignore(DarknetKeys.Dropout);
        var probability = section.Float("probability", 0.2);
        return probability is >= 0 and < 1
            ? new DropoutLayer(builder.Previous, builder.PreviousShape, probability)
            : throw section.Error("probability", $"must lie in [0, 1), got {probability}. Correct it.");
    }

    internal static DarknetLayer Activation(DarknetBuilder builder, DarknetSection section)
    {
        var activation = DarknetActivation.Read(section, "linear");
        return activation is null
            ? Empty(builder)
            : Function(builder, builder.PreviousShape, activation);
    }

    internal static DarknetLayer BatchNorm(DarknetBuilder builder) =>
        new BatchNormLayer(builder.Previous, builder.PreviousShape);

    internal static DarknetLayer Empty(DarknetBuilder builder) =>
        new PassingLayer(builder.Previous, builder.PreviousShape);

    private static FunctionLayer Function(DarknetBuilder builder, DarknetShape shape, Func<Tensor, Tensor> function) =>
        new([builder.Previous], shape, inputs => function(inputs[0]));

    private static void RefuseVariants(DarknetSection section)
    {
        section.Refuse("antialiasing", "antialiasing");
        section.Refuse("binary", "binary weights");
        section.Refuse("xnor", "binary weights and inputs");
        section.Refuse("bin_output", "binary outputs");
        section.Refuse("flipped", "transposed weights");
        section.Refuse("coordconv", "CoordConv");
        section.Refuse("reverse", "a reversed gradient");
        foreach (var key in (string[])["sway", "rotate", "stretch", "stretch_sway"])
        {
            section.Refuse(key, "weights that are shared between turned kernels");
        }

        if (section.Has("share_index"))
        {
            throw section.Error("share_index", "asks for weights of another layer, which is not supported. Remove it.");
        }
    }

    private static Conv2dOptions Options(DarknetSection section, DarknetShape input)
    {
        var (kernel, groups, stride) = (section.Count("size", 1), section.Count("groups", 1), section.Count("stride", 1));
        if (input.Channels % groups != 0)
        {
            throw section.Error(
                "groups", $"must divide the {input.Channels} channels of the layer before, got {groups}. Correct it.");
        }

        // A padding counts in steps of the kernel's taps.
        var dilation = section.Count("dilation", 1);
        dilation = kernel == 1 ? 1 : dilation;
        var padding = section.Int("padding", 0);
        padding = section.Flag("pad") ? kernel / 2 : padding;
        var hasNorm = section.Flag("batch_normalize") | section.Flag("cbn");
        return new Conv2dOptions
        {
            Kernel = kernel,
            Stride = section.Count("stride_y", stride),
            StrideX = section.Count("stride_x", stride),
            Padding = padding * dilation,
            Dilation = dilation,
            Groups = groups,
            Bias = !hasNorm,
        };
    }

    private static int Filters(DarknetSection section, int groups)
    {
        var filters = section.Count("filters", 1);
        return filters % groups == 0 ? filters : throw section.Error(
            "filters", $"must be a multiple of groups, {groups}, got {filters}. Correct it.");
    }

    private static int Extent(int size, Conv2dOptions options, int stride)
    {
        var span = size + (2 * options.Padding) - (options.Dilation * (options.Kernel - 1)) - 1;
        return span < 0 ? 0 : (span / stride) + 1;
    }

    private static DarknetPooling Pooling(DarknetSection section)
    {
        var stride = section.Count("stride", 1);
        var size = section.Count("size", stride);
        return new DarknetPooling(
            size,
            section.Count("stride_y", stride),
            section.Count("stride_x", stride),
            section.Int("padding", size - 1));
    }

    // Channel g of the result is the largest of channels g, g + n, g + 2 n ...
    private static FunctionLayer MaxOverDepth(DarknetBuilder builder, DarknetSection section)
    {
        section.Ignore(["size", "stride", "stride_x", "stride_y", "padding"]);
        var (input, channels) = (builder.PreviousShape, section.Count("out_channels", 1));
        return input.Channels % channels == 0
            ? Function(builder, input with { Channels = channels }, map =>
                map.Split(channels, 1).Aggregate((largest, part) => largest.Maximum(part)))
            : throw section.Error(
                "out_channels", $"must divide the {input.Channels} channels of the layer before, got {channels}. Correct it.");
    }
}
