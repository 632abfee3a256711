using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>Finds objects in images: the whole model, from pixels to losses or to boxes.</summary>
/// <remarks>
/// A detector consists of parts that depend on no value and can be compiled (<see cref="NetworkPart"/>), and of what
/// stands between them. An <see cref="IExecutor"/> runs the parts.
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

    /// <summary>The part that <see cref="Pretrained"/> weights belong to.</summary>
    public abstract Module PretrainedPart { get; }

    /// <summary>The parts of the network that can be compiled, in the order in which they run.</summary>
    public abstract IReadOnlyList<NetworkPart> Parts { get; }

    /// <summary>
    /// Whether the config decides on a tensor, not the weights that a training starts from (<c>load_from</c>,
    /// <c>pretrained</c>): anchors.
    /// </summary>
    /// <param name="name">Its full name.</param>
    public virtual bool IsConfigured(string name) => false;

    /// <summary>
    /// What its parts remember of a training besides <see cref="Module.StateDict"/>, by their full names: a training is
    /// resumed with it.
    /// </summary>
    /// <remarks>The tensors are the parts' own: copy into them, never dispose them.</remarks>
    public IReadOnlyDictionary<string, Tensor> TrainingState =>
        (from entry in NamedModules()
         where entry.Value is ITrainingState
         from state in ((ITrainingState)entry.Value).TrainingState
         select KeyValuePair.Create($"{entry.Key}.{state.Key}", state.Value)).ToDictionary();

    /// <summary>Gives what chooses samples the source of randomness that the detector is trained with.</summary>
    /// <param name="choice">Of the detector's samplers.</param>
    internal void Use(RandomChoice choice) => RegisterChild("samples", choice);

    /// <summary>Compares the predictions with the annotated objects; records for the backward pass.</summary>
    /// <param name="batch">Images and their objects; borrowed.</param>
    /// <returns>The terms by name; their tensors belong to the caller.</returns>
    public abstract LossTerms ComputeLosses(Batch batch);

    /// <summary>The places that learn an object, with the weights of this moment; nothing is recorded for a backward pass.</summary>
    /// <param name="batch">Images and their objects; borrowed.</param>
    /// <returns>Level by level.</returns>
    /// <exception cref="NotSupportedException">The detector's targets do not stand on places.</exception>
    public virtual IReadOnlyList<PositivePlace> LocatePositives(Batch batch) => throw NoPlaces();

    /// <summary>Finds the objects of each image; nothing is recorded for a backward pass.</summary>
    /// <param name="batch">(B, C, H, W) images and what happened to each; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image, not the network's input.</param>
    /// <param name="executor">Runs the network; null: as it is written.</param>
    /// <returns>(B) detections; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">The network cannot take images of this size.</exception>
    public Detections[] Detect(Batch batch, bool rescale, IExecutor? executor = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        var found = Find(batch, rescale, executor ?? new EagerExecutor());
        return Array.ConvertAll(found, detections => detections.KeepIn(scope));
    }

    /// <summary>Finds the objects of one image from several views of it (test-time augmentation).</summary>
    /// <param name="views">Scales and flips of the image, batches of one; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image instead of the first view.</param>
    /// <param name="executor">Runs the network; null: as it is written.</param>
    /// <returns>Detections; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">There is no view, or one holds several images.</exception>
    /// <exception cref="NotSupportedException">The detector cannot merge views.</exception>
    public Detections DetectAugmented(IReadOnlyList<Batch> views, bool rescale, IExecutor? executor = null)
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
        return FindInViews(views, rescale, executor ?? new EagerExecutor()).KeepIn(scope);
    }

    /// <summary>The error of <see cref="LocatePositives"/>.</summary>
    private protected NotSupportedException NoPlaces() => new(
        $"{GetType().Name}: its targets must stand on places of maps, these do not. Take a detector with a dense head that is no YOLO.");

    /// <summary>Finds the objects of each image, in the scope and without gradients that <see cref="Detect"/> began.</summary>
    /// <param name="batch">(B, C, H, W) images and what happened to each; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image, not the network's input.</param>
    /// <param name="executor">Runs the network.</param>
    /// <returns>(B) detections.</returns>
    protected abstract Detections[] Find(Batch batch, bool rescale, IExecutor executor);

    /// <summary>Finds the objects of one image in several views; not every detector can.</summary>
    /// <param name="views">Batches of one; borrowed.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image instead of the first view.</param>
    /// <param name="executor">Runs the network.</param>
    /// <returns>Detections.</returns>
    /// <exception cref="NotSupportedException">The detector cannot merge views.</exception>
    protected virtual Detections FindInViews(IReadOnlyList<Batch> views, bool rescale, IExecutor executor) =>
        throw new NotSupportedException(
            $"{GetType().Name}: views of one image cannot be merged here. Test with one scale and without flips.");
}
