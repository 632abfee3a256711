using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Models.Layers;
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

    private static readonly MapLevel[] s_outputs = [new(256, 8), new(512, 16), new(1024, 32)];

    private readonly DarknetConv _stem;
    private readonly ModuleList<CspStage> _stages;

    /// <param name="residuals">Residual blocks of the five stages; the first has always one.</param>
    /// <param name="channels">Behind the first convolution.</param>
    /// <exception cref="ArgumentException">There are not five stages, or numbers are not positive.</exception>
    internal RRCspDarknet53(IReadOnlyList<int> residuals, int channels = 32)
    {
        Check(residuals, channels);
        _stem = RegisterChild("conv1", DarknetConv.Mish(3, channels, kernel: 3));
        _stages = RegisterChild("stages", new ModuleList<CspStage>(s_channels.Select((output, i) => i == 0
            ? CspStage.First(channels, output)
            : CspStage.Next(s_channels[i - 1], output, residuals[i]))));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs => s_outputs;

    /// <summary>Reads <c>RRCSPDarknet53</c>.</summary>
    internal static BackbonePlan FromConfig(ConfigReader reader)
    {
        var residuals = reader.Ints("layers", [1, 2, 8, 8, 4]);
        var channels = reader.Int("input_channels", 32);
        Check(residuals, channels, reader.Error);
        return new(s_outputs, () => new RRCspDarknet53(residuals, channels));
    }

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

    private static void Check(
        IReadOnlyList<int> residuals, int channels, Func<string, string, Exception>? error = null)
    {
        var check = new OptionCheck("RRCSPDarknet53", error);
        check.RequireCount("layers", residuals.Count, s_channels.Length, "stage");
        check.RequirePositive("layers", residuals);
        check.RequirePositive("input_channels", channels);
    }
}
