using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// The 3x3 layers before a dense head's last one, shared by all levels: Lin et al., arXiv:1708.02002, section 4. Keys:
/// N.conv.*, and N.bn.* or N.gn.*.
/// </summary>
internal static class ConvTower
{
    /// <summary>A stack of 3x3 convolutions, each with norm and ReLU, that keeps height and width.</summary>
    /// <param name="options">Channels, depth, norm.</param>
    internal static Sequential Make(TowerOptions options) => new(
        Enumerable.Range(0, options.StackedConvs).Select(i => Layer(
            options,
            i == 0 ? options.InChannels : options.Channels,
            i == options.StackedConvs - 1 ? options.LastDeform ?? options.Deform : options.Deform)));

    /// <summary>One layer of a stack.</summary>
    /// <param name="options">Channels, norm.</param>
    /// <param name="inChannels">C of its input; behind a stack the output has as many.</param>
    /// <param name="deform">Makes it deformable; null for the usual one.</param>
    internal static ConvModule Layer(TowerOptions options, int inChannels, DeformOptions? deform) => new(
        inChannels,
        options.LastChannels,
        new() { Kernel = 3, Padding = 1, Norm = options.Norm, Bias = options.ConvBias, Deform = deform });

    /// <summary>Section 4.1: kernels normal with deviation 0.01, biases 0; deformable ones by their own rule.</summary>
    internal static void InitWeights(Sequential tower, Generator generator)
    {
        foreach (var module in tower.Layers.Cast<ConvModule>())
        {
            InitLayer(module, generator);
        }
    }

    /// <summary>As <see cref="InitWeights"/>, of one layer.</summary>
    internal static void InitLayer(ConvModule layer, Generator generator)
    {
        layer.InitWeights(generator);
        if (!layer.IsDeformable)
        {
            Initializers.Normal(layer.Weight, 0, 0.01, generator);
        }
    }

    /// <summary>The last layer of scores: an object has probability 0.01 at first, or else the many easy places without
    /// one would swamp the first steps.</summary>
    internal static void InitScores(Conv2d last, Generator generator)
    {
        Initializers.Normal(last.Weight, 0, 0.01, generator);
        Initializers.Constant(last.Bias!, Initializers.BiasFromPriorProbability(0.01));
    }

    /// <summary>A last layer of other numbers: kernels normal with deviation 0.01, bias 0.</summary>
    internal static void InitLast(Conv2d last, Generator generator)
    {
        Initializers.Normal(last.Weight, 0, 0.01, generator);
        Initializers.Constant(last.Bias!, 0);
    }
}
