namespace MMDetSharp.Torch.Checkpoints;

/// <summary>What happens when a checkpoint and a model differ.</summary>
public enum LoadPolicy
{
    /// <summary>Loading fails and lists the differences; the model is left as it was.</summary>
    Strict,

    /// <summary>What fits is loaded; the differences are returned, to be shown.</summary>
    AllowDifferences,
}
