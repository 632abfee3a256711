using MMDetSharp.Core.Darknet;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>
/// Places to channels: each square of stride x stride places becomes one place (YOLOv2's passthrough layer,
/// arXiv:1612.08242, section 2). blas.c, reorg_cpu.
/// </summary>
internal static class DarknetReorg
{
    /// <summary><c>[reorg3d]</c>: channel (dy * stride + dx) * C + c is channel c at offset (dx, dy) of the square.</summary>
    internal static DarknetLayer Reorg3d(DarknetBuilder builder, DarknetSection section)
    {
        var (stride, shape) = Read(builder, section);
        return new FunctionLayer(
            [builder.Previous], shape, inputs => Gather(inputs[0], stride, shape.Channels));
    }

    /// <summary>
    /// <c>[reorg]</c>: the same rule, but, as Darknet has always done, on the numbers read as if they were a map of
    /// C / stride^2 channels and stride times the width and height.
    /// </summary>
    internal static DarknetLayer Reorg(DarknetBuilder builder, DarknetSection section)
    {
        var (stride, shape) = Read(builder, section);
        var channels = builder.PreviousShape.Channels;
        if (channels % (stride * stride) != 0)
        {
            throw section.Error("stride", $"must divide the {channels} channels of the layer before twice, got {stride}.");
        }

        // Sizes come from shapes of other maps, not from numbers: a recorded network then fits every size.
        return new FunctionLayer([builder.Previous], shape, inputs =>
        {
            var misread = inputs[0].ReshapeAs(Functional.PixelShuffle(inputs[0], stride));
            return Gather(misread, stride, channels).ReshapeAs(Functional.PixelUnshuffle(inputs[0], stride));
        });
    }

    // PyTorch's order is c * stride^2 + dy * stride + dx.
    private static Tensor Gather(Tensor map, int stride, int total) =>
        Functional.ChannelShuffle(Functional.PixelUnshuffle(map, stride), total / (stride * stride));

    private static (int Stride, DarknetShape Shape) Read(DarknetBuilder builder, DarknetSection section)
    {
        var stride = section.Count("stride", 1);
        section.Refuse("reverse", "channels that become places");
        var input = builder.PreviousShape;
        return input.Height % stride == 0 && input.Width % stride == 0
            ? (stride, new(input.Channels * stride * stride, input.Height / stride, input.Width / stride))
            : throw section.Error("stride", $"must divide width and height of the layer before, {input}, got {stride}.");
    }
}
