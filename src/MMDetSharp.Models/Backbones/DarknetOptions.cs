using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Backbones;

/// <summary>What a <see cref="Darknet"/> consists of; the names are the reference's.</summary>
public sealed record DarknetOptions
{
    /// <summary>The number of layers; 53 is the only one.</summary>
    public int Depth { get; init; } = 53;

    /// <summary>The stages whose maps come out: 0 the first layer, 1 to 5 the halvings; rising.</summary>
    public IReadOnlyList<int> OutIndices { get; init; } = [3, 4, 5];

    /// <summary>
    /// That many stages, the first layer among them, keep their weights and statistics; 0 or less: none.
    /// </summary>
    public int FrozenStages { get; init; } = -1;

    /// <summary>The norm behind each convolution; null for none.</summary>
    public NormOptions? Norm { get; init; } = new();

    /// <summary>The activation behind each norm; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>Whether batch norms use their running statistics in training, too.</summary>
    public bool NormEval { get; init; } = true;

    /// <summary>Fails when options contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Check()
    {
        Require(Depth == 53, "depth must be 53", Depth);
        Require(
            OutIndices.Count > 0 && OutIndices.All(index => index >= 0 && index <= Darknet.StageCount),
            $"out_indices must name stages from 0 to {Darknet.StageCount}", $"[{string.Join(", ", OutIndices)}]");
        Require(
            FrozenStages <= Darknet.StageCount + 1,
            $"frozen_stages must be at most {Darknet.StageCount + 1}", FrozenStages);
    }

    private static void Require(bool holds, string rule, object found)
    {
        if (!holds)
        {
            throw new ArgumentException($"Darknet: {rule}, got {found}. Change it in the config.");
        }
    }
}
