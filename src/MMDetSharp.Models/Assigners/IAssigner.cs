using MMDetSharp.Core.Structures;

namespace MMDetSharp.Models.Assigners;

/// <summary>Label assignment: which object, if any, each anchor, point or proposal learns.</summary>
public interface IAssigner
{
    /// <summary>Makes every prior positive (an object), negative (background) or ignored.</summary>
    /// <param name="priors">Of one image.</param>
    /// <param name="groundTruth">Its objects, and the boxes to ignore.</param>
    /// <returns>On the priors' device; it belongs to the caller.</returns>
    AssignResult Assign(Priors priors, GroundTruth groundTruth);
}
