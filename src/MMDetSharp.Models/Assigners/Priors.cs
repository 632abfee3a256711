using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>What an assigner labels: the anchors, points or proposals of one image.</summary>
/// <param name="Boxes">(N, 4) xyxy; points are boxes without extent.</param>
public sealed record Priors(Tensor Boxes)
{
    /// <summary>How many priors each level has and how far apart they stand, in order; empty for proposals.</summary>
    public IReadOnlyList<PriorLevel> Levels { get; init; } = [];

    /// <summary>
    /// (N): whether the centre of an object's box lies in the prior's cell; empty where the assigner does not ask for it.
    /// </summary>
    public IReadOnlyList<bool> Responsible { get; init; } = [];

    /// <summary>(N A, 4) xyxy: the shapes that each prior may take, A of each together; null: the prior itself.</summary>
    public Tensor? Approximations { get; init; }

    /// <summary>The number of priors, N.</summary>
    public long Count => Boxes.Size(0);
}

/// <summary>The priors of one level.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Stride">From one place to the next, in pixels of the network's input.</param>
public readonly record struct PriorLevel(long Count, int Stride);
