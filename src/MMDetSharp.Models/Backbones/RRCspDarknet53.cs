using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// The backbone of YOLOv4: Bochkovskiy et al., arXiv:2004.10934, section 3.4; darknet's yolov4.cfg. The reference's
/// <c>RRCSPDarknet53</c>. Keys: conv1.layers.*, stages.N.*
/// </summary>
internal sealed class RRCspDarknet53 : Backbone
{
    private static readonly int[] s_channels = [64, 128, 256, 512, 1024];

    private readonly DarknetConv _stem;
    private readonly ModuleList<CspStage> _stages;

    /// <param name="residuals">Residual blocks of the five stages; the first has always one.</param>
    /// <param name="channels">Behind the first convolution.</param>
    /// <exception cref="ArgumentException">There are not five stages.</exception>
    internal RRCspDarknet53(IReadOnlyList<int> residuals, int channels = 32)
    {
        if (residuals.Count != s_channels.Length)
        {
            throw new ArgumentException(
                $"RRCSPDarknet53: layers must have {s_channels.Length} numbers, got {residuals.Count}. " +
                "Give one per stage.");
        }

        _stem = RegisterChild("conv1", DarknetConv.Mish(3, channels, kernel: 3));
        _stages = RegisterChild("stages", new ModuleList<CspStage>(s_channels.Select((output, i) => i == 0
            ? CspStage.First(channels, output)
            : CspStage.Next(s_channels[i - 1], output, residuals[i]))));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputChannels => s_channels[2..];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputStrides => [8, 16, 32];

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var maps = new Tensor[_stages.Count];
        using var stem = _stem.Call(images);
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = _stages[i].Call(i == 0 ? stem : maps[i - 1]);
        }

        return maps[2..];
    }
}
