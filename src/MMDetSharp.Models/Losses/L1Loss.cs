using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>The absolute difference of each element.</summary>
/// <param name="reduction">How single losses become one.</param>
public sealed class L1Loss(WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        expected.RequireShape(prediction.Shape, "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.Apply(Functional.L1(prediction, expected), weight, averageFactor));
    }

    /// <summary>Reads <c>L1Loss</c>.</summary>
    internal static L1Loss FromConfig(ConfigReader reader) => new(WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new L1Loss(Reduction with { Reduction = reduction });
}
