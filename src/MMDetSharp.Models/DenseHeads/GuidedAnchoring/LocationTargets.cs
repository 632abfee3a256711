using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Ground truth to where anchors should stand: around the centres of objects, each on the level of its size: Wang et al.,
/// arXiv:1901.03278, section 3.5, figure 2.
/// </summary>
/// <remarks>Works on values, object by object, and makes a tensor of each level at the end.</remarks>
/// <param name="options">Levels, and how large the regions are.</param>
public sealed class LocationTargets(LocationTargetOptions options)
{
    // As the reference: a constant that brings the loss to the size of the others.
    private const double PlacesPerUnit = 200;

    private readonly LocationRegion _center = new(options.CenterRatio);
    private readonly LocationRegion _ignored = new(options.IgnoreRatio);

    /// <summary>Makes the targets of a batch.</summary>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="batch">The objects of each image.</param>
    /// <returns>Targets on the objects' device; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">There is not one map for each stride, or the batch has no ground truth.</exception>
    public LocationTargetSet Make(IReadOnlyList<(long Height, long Width)> sizes, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(batch);
        batch.RequireGroundTruth("LocationTargets");
        if (sizes.Count != options.Strides.Count)
        {
            throw new ArgumentException(
                $"LocationTargets: there must be one map per stride, got {sizes.Count} for {options.Strides.Count}. " +
                "Give the anchor generators as many strides as the neck has outputs.", nameof(sizes));
        }

        using var scope = TensorScope.Begin();
        var levels = sizes.Select((size, i) => new LocationLevel(options.Strides[i], size, batch.Count)).ToArray();
        for (var image = 0; image < batch.Count; image++)
        {
            foreach (var box in UprightBox.Read(batch.GroundTruths[image].Boxes))
            {
                Mark(levels, image, box);
            }
        }

        var device = batch.GroundTruths[0].Boxes.Device;
        return new LocationTargetSet(
            [.. levels.Select(level => level.Centers(device))],
            [.. levels.Select(level => level.Weights(device))],
            batch.Count * sizes.Sum(size => size.Height * size.Width) / PlacesPerUnit).KeepIn(scope);
    }

    // The levels beside the object's own learn nothing where it is: its features look alike there.
    private void Mark(LocationLevel[] levels, int image, UprightBox box)
    {
        var own = LevelOf(box);
        levels[own].MarkOwn(image, box, _center, _ignored);
        foreach (var near in (int[])[own - 1, own + 1])
        {
            if (near >= 0 && near < levels.Length)
            {
                levels[near].MarkNear(image, box, _ignored);
            }
        }
    }

    // The level whose squares are nearest in size, in octaves.
    private int LevelOf(UprightBox box)
    {
        var smallest = (float)(options.AnchorScale * options.Strides[0]);
        var octave = MathF.Floor(MathF.Log2(MathF.Sqrt(box.Area)) - MathF.Log2(smallest) + 0.5f);
        return (int)Math.Clamp(octave, 0, options.Strides.Count - 1);
    }
}

/// <summary>Where objects' centres are looked for.</summary>
public sealed record LocationTargetOptions
{
    /// <summary>Pixels between two places, per level.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>The side of the squares, in strides.</summary>
    public required double AnchorScale { get; init; }

    /// <summary>Sigma 1: this part of an object's width and height is its centre; 0.2 in the paper.</summary>
    public required double CenterRatio { get; init; }

    /// <summary>Sigma 2: this part of them around the centre is neither centre nor outside; 0.5 in the paper.</summary>
    public required double IgnoreRatio { get; init; }
}

/// <summary>Where anchors should stand.</summary>
/// <param name="Centers">(L): (B, 1, H, W), 1 where an anchor should stand, else 0.</param>
/// <param name="Weights">(L): (B, 1, H, W).</param>
/// <param name="AverageFactor">What the loss divides by.</param>
public sealed record LocationTargetSet(Tensor[] Centers, Tensor[] Weights, double AverageFactor)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public LocationTargetSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep(Centers);
        scope.Keep(Weights);
        return this;
    }
}
