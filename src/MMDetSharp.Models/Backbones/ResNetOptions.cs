using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Backbones;

/// <summary>What a <see cref="ResNet"/> consists of; the names are the reference's.</summary>
public sealed record ResNetOptions
{
    /// <summary>18, 34, 50, 101 or 152.</summary>
    public required int Depth { get; init; }

    /// <summary>Channels of the pictures.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels behind the stem; <see cref="BaseChannels"/> when null.</summary>
    public int? StemChannels { get; init; }

    /// <summary>Channels of the first stage, before a bottleneck's expansion; each stage doubles them.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>1 to 4.</summary>
    public int StageCount { get; init; } = 4;

    /// <summary>By what each stage divides the map's height and width.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [1, 2, 2, 2];

    /// <summary>Steps between the taps of each stage's 3x3 kernels.</summary>
    public IReadOnlyList<int> Dilations { get; init; } = [1, 1, 1, 1];

    /// <summary>The stages whose maps come out, from 0, rising.</summary>
    public IReadOnlyList<int> OutIndices { get; init; } = [0, 1, 2, 3];

    /// <summary>Which layer of a bottleneck halves the map.</summary>
    public ResNetStyle Style { get; init; } = ResNetStyle.PyTorch;

    /// <summary>Three 3x3 layers instead of the 7x7 one.</summary>
    public bool DeepStem { get; init; }

    /// <summary>Whether a shortcut averages before its 1x1 layer instead of striding.</summary>
    public bool AverageDown { get; init; }

    /// <summary>The stem (from 0) and that many stages keep their weights and statistics; -1: none.</summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>The norm behind each convolution.</summary>
    public NormOptions Norm { get; init; } = new();

    /// <summary>Whether batch norms use their running statistics in training, too.</summary>
    public bool NormEval { get; init; } = true;

    /// <summary>Whether the last norm of each block begins as 0, so that a block begins as the identity.</summary>
    public bool ZeroInitResidual { get; init; } = true;

    /// <summary>Fails when options contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Check()
    {
        Require(ResNet.BlockCounts.ContainsKey(Depth), "depth must be 18, 34, 50, 101 or 152", Depth);
        Require(StageCount is >= 1 and <= 4, "num_stages must be 1 to 4", StageCount);
        Require(Strides.Count == StageCount, $"strides must have {StageCount} entries, one per stage", Strides.Count);
        Require(
            Dilations.Count == StageCount, $"dilations must have {StageCount} entries, one per stage", Dilations.Count);
        Require(
            OutIndices.Count > 0 && OutIndices.All(index => index >= 0 && index < StageCount),
            $"out_indices must name stages from 0 to {StageCount - 1}", string.Join(", ", OutIndices));
        Require(
            FrozenStages <= StageCount, $"frozen_stages must be at most num_stages = {StageCount}", FrozenStages);
    }

    private static void Require(bool holds, string rule, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"ResNet: {rule}, got {found}. Change it in the config.");
        }
    }
}
