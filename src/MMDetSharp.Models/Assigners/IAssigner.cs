using MMDetSharp.Core.Structures;

namespace MMDetSharp.Models.Assigners;

/// <summary>Decides which object each anchor or proposal shall find.</summary>
public interface IAssigner
{
    /// <summary>Assigns an object, background or neither to every prior.</summary>
    /// <param name="priors">Of one image.</param>
    /// <param name="groundTruth">Its objects, and the boxes to ignore.</param>
    /// <returns>On the priors' device; it belongs to the caller.</returns>
    AssignResult Assign(Priors priors, GroundTruth groundTruth);
}
