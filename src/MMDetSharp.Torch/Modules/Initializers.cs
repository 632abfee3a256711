using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>Rules that draw the first values of a parameter, in place.</summary>
public static class Initializers
{
    /// <summary>All elements to one number.</summary>
    public static void Constant(Tensor parameter, double value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        using var noGrad = GradMode.NoGrad();
        parameter.FillInPlace(value);
    }

    /// <summary>Normal with a mean and standard deviation.</summary>
    public static void Normal(Tensor parameter, double mean, double deviation, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        using var noGrad = GradMode.NoGrad();
        parameter.NormalInPlace(mean, deviation, generator);
    }

    /// <summary>Uniform in [from, to).</summary>
    public static void Uniform(Tensor parameter, double from, double to, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        using var noGrad = GradMode.NoGrad();
        parameter.UniformInPlace(from, to, generator);
    }

    /// <summary>Normal with deviation gain / sqrt(fan out): He et al., arXiv:1502.01852, equation 14.</summary>
    /// <param name="weight">(O, C, ...).</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="slope">Of the leaky ReLU behind it; gain^2 = 2 / (1 + slope^2), 2 for ReLU.</param>
    public static void KaimingNormalFanOut(Tensor weight, Generator generator, double slope = 0) =>
        Normal(weight, 0, Math.Sqrt(2.0 / ((1 + (slope * slope)) * Fans(weight).Out)), generator);

    /// <summary>Uniform in +-gain sqrt(3 / fan in): He et al., arXiv:1502.01852.</summary>
    /// <param name="weight">(O, C, ...).</param>
    /// <param name="slope">Of the leaky ReLU behind it; gain^2 = 2 / (1 + slope^2).</param>
    /// <param name="generator">The source of randomness.</param>
    public static void KaimingUniformFanIn(Tensor weight, double slope, Generator generator)
    {
        var bound = Math.Sqrt(6.0 / ((1 + slope * slope) * Fans(weight).In));
        Uniform(weight, -bound, bound, generator);
    }

    /// <summary>Uniform in +-sqrt(6 / (fan in + fan out)): Glorot and Bengio 2010, equation 16.</summary>
    public static void XavierUniform(Tensor weight, Generator generator)
    {
        var (fanIn, fanOut) = Fans(weight);
        var bound = Math.Sqrt(6.0 / (fanIn + fanOut));
        Uniform(weight, -bound, bound, generator);
    }

    /// <summary>Normal with deviation sqrt(2 / (fan in + fan out)): Glorot and Bengio 2010.</summary>
    public static void XavierNormal(Tensor weight, Generator generator)
    {
        var (fanIn, fanOut) = Fans(weight);
        Normal(weight, 0, Math.Sqrt(2.0 / (fanIn + fanOut)), generator);
    }

    /// <summary>Uniform in +-1 / sqrt(fan in of <paramref name="weight"/>): PyTorch's default.</summary>
    public static void FanInUniform(Tensor parameter, Tensor weight, Generator generator)
    {
        var bound = 1 / Math.Sqrt(Math.Max(1, Fans(weight).In));
        Uniform(parameter, -bound, bound, generator);
    }

    /// <summary>The bias whose sigmoid is a probability: Lin et al., arXiv:1708.02002, section 4.1.</summary>
    /// <param name="probability">Inside (0, 1).</param>
    public static double BiasFromPriorProbability(double probability) => -Math.Log((1 - probability) / probability);

    private static (long In, long Out) Fans(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var shape = weight.Shape;
        var taps = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
        return (shape[1] * taps, shape[0] * taps);
    }
}
