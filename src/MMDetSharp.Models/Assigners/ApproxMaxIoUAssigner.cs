using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>
/// As <see cref="MaxIoUAssigner"/>, where the shape of a prior is not known yet: it overlaps an object as much as the best
/// of the shapes that it may take: Wang et al., "Region Proposal by Guided Anchoring", arXiv:1901.03278, section 3.5,
/// equation 5.
/// </summary>
/// <remarks>Ignored boxes are compared with the prior itself.</remarks>
/// <param name="options">IoU thresholds of positives, negatives and ignored boxes.</param>
public sealed class ApproxMaxIoUAssigner(MaxIoUAssignerOptions options) : IAssigner
{
    private readonly MaxIoUAssigner _matching = new(options);

    /// <summary>Reads <c>ApproxMaxIoUAssigner</c>.</summary>
    internal static ApproxMaxIoUAssigner FromConfig(ConfigReader reader) => new(MaxIoUAssignerOptions.FromConfig(reader));

    /// <inheritdoc/>
    /// <param name="priors">Of one image, with their <see cref="Priors.Approximations"/>.</param>
    /// <param name="groundTruth">Its objects, and the boxes to ignore.</param>
    /// <exception cref="ArgumentException">The priors have no approximations, or not as many each.</exception>
    public AssignResult Assign(Priors priors, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(priors);
        ArgumentNullException.ThrowIfNull(groundTruth);
        var shapes = priors.Approximations ?? throw new ArgumentException(
            "ApproxMaxIoUAssigner: priors must bring the shapes that each may take, got none. Take MaxIoUAssigner here.",
            nameof(priors));
        priors.Boxes.RequireShape([ShapeGuard.Any, 4]);
        shapes.RequireShape([ShapeGuard.Any, 4]);
        if (priors.Count > 0 && (shapes.Size(0) == 0 || shapes.Size(0) % priors.Count > 0))
        {
            throw new ArgumentException(
                $"ApproxMaxIoUAssigner: each of the {priors.Count} priors must have as many shapes, got {shapes.Size(0)} " +
                "in all. Give the shapes of every prior.", nameof(priors));
        }

        return _matching.Assign(
            UprightBox.Read(priors.Boxes), UprightBox.Read(shapes), groundTruth, priors.Boxes.Device);
    }
}
