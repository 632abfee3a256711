using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Core.Structures;

/// <summary>The objects found in one image, usually by falling score. Owns its tensors.</summary>
public sealed class Detections : IDisposable
{
    /// <param name="boxes">(D, 4) xyxy in pixels.</param>
    /// <param name="scores">(D), 0 to 1.</param>
    /// <param name="labels">(D) int64, 0 to K - 1.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Detections(Tensor boxes, Tensor scores, Tensor labels)
    {
        boxes.RequireShape([ShapeGuard.Any, 4]);
        scores.RequireShape([boxes.Size(0)], "Give one score per box.");
        labels.RequireShape([boxes.Size(0)], "Give one label per box.");
        Boxes = boxes;
        Scores = scores;
        Labels = labels;
    }

    /// <summary>(D, 4) xyxy in pixels: of the network's input, or rescaled to the original image.</summary>
    public Tensor Boxes { get; }

    /// <summary>(D), usually 0 to 1.</summary>
    public Tensor Scores { get; }

    /// <summary>(D) int64, 0 to K - 1.</summary>
    public Tensor Labels { get; }

    /// <summary>The number of objects, D.</summary>
    public int Count => (int)Boxes.Size(0);

    /// <summary>Hands the tensors to the scope around the current one, as <see cref="TensorScope.Keep(Tensor)"/>.</summary>
    /// <returns>These detections.</returns>
    public Detections KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep(Boxes);
        scope.Keep(Scores);
        scope.Keep(Labels);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Boxes.Dispose();
        Scores.Dispose();
        Labels.Dispose();
    }
}
