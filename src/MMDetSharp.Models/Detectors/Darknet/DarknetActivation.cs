using MMDetSharp.Core.Darknet;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>Darknet's activation functions by their names in a cfg (activations.h, activations.c).</summary>
internal static class DarknetActivation
{
    private const double Epsilon = 1e-4;

    private static readonly Dictionary<string, Func<Tensor, Tensor>?> s_functions = new()
    {
        ["linear"] = null,
        ["logistic"] = x => x.Sigmoid(),
        ["loggy"] = x => (2 * x.Sigmoid()) - 1,
        ["relu"] = x => x.Relu(),
        ["relu6"] = x => Functional.HardTanh(x, 0, 6),
        ["elu"] = x => Functional.Elu(x, 1),
        ["selu"] = x => Functional.Elu(x, 1.6732) * 1.0507,
        ["gelu"] = x => 0.5 * x * (((0.797885 * x) + (0.035677 * x.Pow(3))).Tanh() + 1),
        ["relie"] = x => Functional.LeakyRelu(x, 0.01),
        ["ramp"] = x => x.Relu() + (0.1 * x),
        ["leaky"] = x => Functional.LeakyRelu(x, 0.1),
        ["revleaky"] = x => Functional.LeakyRelu(x, 0.1),
        ["tanh"] = x => x.Tanh(),
        ["plse"] = x => Bent(x, (-4, 4), (0.125, 0.01)) + 0.5,
        ["stair"] = Stair,
        ["hardtan"] = x => Functional.HardTanh(x, -1, 1),
        ["lhtan"] = x => Bent(x, (0, 1), (1, 0.001)),
        ["swish"] = Functional.Silu,
        ["mish"] = Functional.Mish,
        ["hard_mish"] = HardMish,
        ["normalize_channels"] = x => Share(x.Relu()),
        ["normalize_channels_softmax"] = x => Share(x.Exp()),
        ["normalize_channels_softmax_maxval"] = x => Share((x - x.Max(1, keepDim: true).Values).Exp()),
    };

    /// <summary>The activations that a cfg may name.</summary>
    internal static IReadOnlyCollection<string> Names => s_functions.Keys;

    /// <summary>The function that a section names under <c>activation</c>; null for linear.</summary>
    /// <param name="section">The layer's section of the cfg.</param>
    /// <param name="missing">The activation of a section that names none.</param>
    internal static Func<Tensor, Tensor>? Read(DarknetSection section, string missing) =>
        s_functions[section.Choice("activation", missing, s_functions.Keys)];

    // Slope `Inner` between the corners, `Outer` beyond them.
    private static Tensor Bent(Tensor x, (double Low, double High) corners, (double Inner, double Outer) slopes)
    {
        var inside = x.Clamp(corners.Low, corners.High);
        return (slopes.Inner * inside) + (slopes.Outer * (x - inside));
    }

    // Flat from each even number to the next odd one, slope 1 from there.
    private static Tensor Stair(Tensor x)
    {
        var whole = x.Floor();
        return (x / 2).Floor() + ((x - whole) * whole.Remainder(2));
    }

    // x above 0, x^2 / 2 + x above -2, 0 below.
    private static Tensor HardMish(Tensor x)
    {
        var middle = x.Clamp(-2, 0);
        return x.Relu() + (0.5 * middle * middle) + middle;
    }

    private static Tensor Share(Tensor positive) => positive / (positive.Sum(1, keepDim: true) + Epsilon);
}
