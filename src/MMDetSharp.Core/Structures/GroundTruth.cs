using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Core.Structures;

/// <summary>The annotated objects of one image, in pixels of the network's input. Owns its tensors.</summary>
public sealed class GroundTruth : IDisposable
{
    /// <param name="boxes">(G, 4) xyxy, float32.</param>
    /// <param name="labels">(G) int64, 0 to K - 1.</param>
    /// <param name="ignoredBoxes">(I, 4) xyxy, float32: neither targets nor background.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public GroundTruth(Tensor boxes, Tensor labels, Tensor ignoredBoxes)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        labels.RequireShape([boxes.Size(0)], "Give one label per box.");
        ignoredBoxes.RequireShape([ShapeGuard.Any, 4], "Without ignored boxes, give an empty (0, 4) tensor.");
        Boxes = boxes;
        Labels = labels;
        IgnoredBoxes = ignoredBoxes;
    }

    /// <summary>(G, 4) xyxy, the boxes that targets are made of.</summary>
    public Tensor Boxes { get; }

    /// <summary>(G) int64, 0 to K - 1.</summary>
    public Tensor Labels { get; }

    /// <summary>(I, 4) xyxy: crowds and other objects that are neither targets nor background.</summary>
    public Tensor IgnoredBoxes { get; }

    /// <summary>The number of objects, G.</summary>
    public int Count => (int)Boxes.Size(0);

    /// <summary>A copy on another device; on the same device the tensors are shared, not copied.</summary>
    public GroundTruth To(Device device) => new(Boxes.To(device), Labels.To(device), IgnoredBoxes.To(device));

    /// <inheritdoc/>
    public void Dispose()
    {
        Boxes.Dispose();
        Labels.Dispose();
        IgnoredBoxes.Dispose();
    }
}
