using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Core.Structures;

/// <summary>Images stacked for the network, with what is known of each. Owns its tensors.</summary>
public sealed class Batch : IDisposable
{
    /// <param name="images">(B, C, H, W) float32; smaller images are padded right and below with 0.</param>
    /// <param name="infos">(B): what happened to each image.</param>
    /// <param name="groundTruths">(B) for training; none for testing.</param>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    public Batch(Tensor images, IReadOnlyList<ImageInfo> infos, IReadOnlyList<GroundTruth>? groundTruths = null)
    {
        ArgumentNullException.ThrowIfNull(infos);
        images.RequireShape([infos.Count, ShapeGuard.Any, ShapeGuard.Any, ShapeGuard.Any], "Give one info per image.");
        if (groundTruths is { Count: > 0 } && groundTruths.Count != infos.Count)
        {
            throw new ArgumentException(
                $"Batch: there must be one ground truth per image, got {groundTruths.Count} for {infos.Count}. " +
                "Give an image without objects an empty one.", nameof(groundTruths));
        }

        Images = images;
        Infos = infos;
        GroundTruths = groundTruths ?? [];
    }

    /// <summary>(B, C, H, W) float32.</summary>
    public Tensor Images { get; }

    /// <summary>(B): what happened to each image.</summary>
    public IReadOnlyList<ImageInfo> Infos { get; }

    /// <summary>(B) for training; none for testing.</summary>
    public IReadOnlyList<GroundTruth> GroundTruths { get; }

    /// <summary>The number of images, B.</summary>
    public int Count => Infos.Count;

    /// <summary>Fails unless there are objects, or an empty ground truth, for each of at least one image.</summary>
    /// <param name="owner">Who needs them, for the message.</param>
    /// <exception cref="ArgumentException">There are not.</exception>
    public void RequireGroundTruth(string owner)
    {
        if (GroundTruths.Count != Count || Count == 0)
        {
            throw new ArgumentException(
                $"{owner}: there must be objects for each of {Count} images, got {GroundTruths.Count}. " +
                "Load annotations in the training pipeline.");
        }
    }

    /// <summary>A copy on another device; on the same device the tensors are shared, not copied.</summary>
    public Batch To(Device device) =>
        new(Images.To(device), Infos, [.. GroundTruths.Select(truth => truth.To(device))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        foreach (var truth in GroundTruths)
        {
            truth.Dispose();
        }
    }
}
