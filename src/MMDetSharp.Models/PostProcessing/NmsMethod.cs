namespace MMDetSharp.Models.PostProcessing;

/// <summary>What happens to a box that overlaps a better one.</summary>
public enum NmsMethod
{
    /// <summary>Hard NMS: it is suppressed.</summary>
    Greedy,

    /// <summary>Soft-NMS, arXiv:1704.04503: it is suppressed.</summary>
    SoftNaive,

    /// <summary>Soft-NMS, equation 2: its score is multiplied by 1 - IoU.</summary>
    SoftLinear,

    /// <summary>Soft-NMS, equation 3: its score is multiplied by exp(-IoU^2 / sigma).</summary>
    SoftGaussian,
}
