using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A criterion whose targets stand on anchors.</summary>
public interface IAnchorCriterion : ICriterion, IPositivePlaces
{
    /// <summary>What every anchor should predict.</summary>
    AnchorTargets Targets { get; }

    /// <inheritdoc/>
    IReadOnlyList<PositivePlace> IPositivePlaces.Positives(MapSet maps, Batch batch)
    {
        using var scope = TensorScope.Begin();
        return [.. Targets.Make(maps.Sizes, batch).Positives()];
    }
}
