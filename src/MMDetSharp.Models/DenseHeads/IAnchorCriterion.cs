namespace MMDetSharp.Models.DenseHeads;

/// <summary>A criterion whose targets stand on anchors.</summary>
public interface IAnchorCriterion : ICriterion
{
    /// <summary>What every anchor should predict.</summary>
    AnchorTargets Targets { get; }
}
