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
        Enumerable.Range(0, options.StackedConvs).Select(i => new ConvModule(
            i == 0 ? options.InChannels : options.Channels,
            options.Channels,
            new()
            {
                Kernel = 3,
                Padding = 1,
                Norm = options.Norm,
                Bias = options.ConvBias,
                Deform = i == options.StackedConvs - 1 ? options.LastDeform ?? options.Deform : options.Deform,
            })));

    /// <summary>Section 4.1: kernels normal with deviation 0.01, biases 0; deformable ones by their own rule.</summary>
    internal static void InitWeights(Sequential tower, Generator generator)
    {
        foreach (var module in tower.Layers.Cast<ConvModule>())
        {
            module.InitWeights(generator);
            if (!module.IsDeformable)
            {
                Initializers.Normal(module.Weight, 0, 0.01, generator);
            }
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
