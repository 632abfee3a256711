using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>Finds objects in pictures: the whole model, from pixels to losses or to boxes.</summary>
/// <remarks>
/// Detection is split in two: <see cref="ForwardDense"/> is the part that can be traced and compiled, the same for
/// every picture; <see cref="DecodeDense"/> turns its maps into objects and depends on values.
/// </remarks>
public abstract class Detector : Module
{
    /// <summary>The number of classes, K.</summary>
    public abstract int ClassCount { get; }

    /// <summary>(K) the names of the classes; empty when nobody told them.</summary>
    public IReadOnlyList<string> ClassNames { get; set; } = [];

    /// <summary>
    /// The weights that the config wants the backbone to start from (<c>torchvision://resnet50</c> or a path); null
    /// when it starts from random numbers.
    /// </summary>
    public string? Pretrained { get; init; }

    /// <summary>
    /// Heights and widths at which a graph traced of <see cref="ForwardDense"/>, at such a size, is right: the
    /// multiples of this. 1, every size, unless a part of the detector must bake sizes in.
    /// </summary>
    public virtual int SizeDivisor => 1;

    /// <summary>The part that <see cref="Pretrained"/> weights belong to.</summary>
    public abstract Module PretrainedPart { get; }

    /// <summary>
    /// Whether the config decides on a tensor, not the weights that a training starts from (<c>load_from</c>,
    /// <c>pretrained</c>): anchors.
    /// </summary>
    /// <param name="name">Its full name.</param>
    public virtual bool IsConfigured(string name) => false;

    /// <summary>Compares the predictions with the annotated objects; records for the backward pass.</summary>
    /// <param name="batch">Images and their objects; borrowed.</param>
    /// <returns>The terms by name; their tensors belong to the caller.</returns>
    public abstract LossTerms ComputeLosses(Batch batch);

    /// <summary>All that depends on pixels alone: backbone, neck and the head's network.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>The maps in a fixed order, levels within outputs; they belong to the caller.</returns>
    public abstract Tensor[] ForwardDense(Tensor images);

    /// <summary>Turns the maps into objects.</summary>
    /// <param name="maps">As <see cref="ForwardDense"/> returned them; borrowed.</param>
    /// <param name="batch">What happened to each image; its pixels are not needed any more.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture, not the network's input.</param>
    /// <returns>(B) detections; they belong to the caller.</returns>
    public abstract Detections[] DecodeDense(Tensor[] maps, Batch batch, bool rescale);

    /// <summary>Merges the maps of several views (scales, flips) of one picture into its objects.</summary>
    /// <param name="maps">Of each view, as <see cref="ForwardDense"/> returned them for one image; borrowed.</param>
    /// <param name="views">What happened to the picture in each view; batches of one.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the first view.</param>
    /// <returns>Detections; they belong to the caller.</returns>
    /// <exception cref="NotSupportedException">The detector cannot merge views.</exception>
    public abstract Detections DecodeViews(
        IReadOnlyList<Tensor[]> maps, IReadOnlyList<Batch> views, bool rescale);

    /// <summary>Finds the objects of each image; nothing is recorded for a backward pass.</summary>
    /// <param name="batch">Images; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture, not the network's input.</param>
    /// <returns>(B) detections; they belong to the caller.</returns>
    public virtual Detections[] Detect(Batch batch, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        var found = DecodeDense(ForwardDense(batch.Images), batch, rescale);
        return Array.ConvertAll(found, detections => detections.KeepIn(scope));
    }

    /// <summary>Finds the objects of one picture from several views of it (test-time augmentation).</summary>
    /// <param name="views">Scales and flips of the picture, batches of one; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the first view.</param>
    /// <returns>Detections; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">There is no view, or one holds several images.</exception>
    /// <exception cref="NotSupportedException">The detector cannot merge views.</exception>
    public virtual Detections DetectAugmented(IReadOnlyList<Batch> views, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Count == 0 || views.Any(view => view.Count != 1))
        {
            throw new ArgumentException(
                "DetectAugmented: there must be at least one view, each a batch of one image, got batches of " +
                $"[{string.Join(", ", views.Select(view => view.Count))}]. Set samples_per_gpu=1 for testing.",
                nameof(views));
        }

        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        return DecodeViews([.. views.Select(view => ForwardDense(view.Images))], views, rescale).KeepIn(scope);
    }
}
