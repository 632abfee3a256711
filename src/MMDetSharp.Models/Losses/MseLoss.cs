using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>The squared difference of each element.</summary>
/// <param name="reduction">How single losses become one.</param>
public sealed class MseLoss(WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        expected.RequireShape(prediction.Shape, "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.Apply(Functional.MeanSquaredError(prediction, expected), weight, averageFactor));
    }

    /// <summary>Reads <c>MSELoss</c>.</summary>
    internal static MseLoss FromConfig(ConfigReader reader) => new(WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new MseLoss(Reduction with { Reduction = reduction });
}
