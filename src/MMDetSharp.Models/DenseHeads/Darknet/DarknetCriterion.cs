using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// The training objective of Darknet's <c>[yolo]</c> layers: YOLOv3 (Redmon and Farhadi, arXiv:1804.02767) and YOLOv4
/// (Bochkovskiy et al., arXiv:2004.10934), as the cfg says.
/// </summary>
/// <remarks>
/// Darknet has no loss but gradients (<c>DarknetDeltas</c>), some of which are not the derivative of anything. So the
/// values of the terms are what Darknet prints, sums of squared gradients and of 1 - IoU, averaged over images, and
/// their backward pass gives Darknet's gradients, averaged over images. Computed by the processor: on another device
/// the maps travel there and back.
/// </remarks>
public sealed class DarknetCriterion : ICriterion
{
    private static readonly string[] s_kinds = ["mse", "iou", "giou", "diou", "ciou"];
    private readonly IReadOnlyList<YoloLayerOptions> _layers;

    /// <param name="layers">In the order of the maps.</param>
    /// <exception cref="ArgumentException">A layer asks for an unknown loss of boxes.</exception>
    public DarknetCriterion(IReadOnlyList<YoloLayerOptions> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        foreach (var layer in layers.Where(layer => !s_kinds.Contains(layer.IouLoss)))
        {
            throw new ArgumentException(
                $"DarknetLoss: iou_loss must be one of {string.Join(", ", s_kinds)}, got '{layer.IouLoss}'. Correct the cfg.",
                nameof(layers));
        }
    }

    /// <inheritdoc/>
    /// <param name="maps"><c>pred_map</c> (B, A (5 + K), H, W) of each layer, before any activation.</param>
    /// <param name="batch">The images and their objects.</param>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        return Compute(maps["pred_map"], batch);
    }

    private LossTerms Compute(Tensor[] maps, Batch batch)
    {
        if (maps.Length != _layers.Count)
        {
            throw new ArgumentException(
                $"DarknetLoss: there must be one map for each of {_layers.Count} [yolo] layers, got {maps.Length}.", nameof(maps));
        }

        using var scope = TensorScope.Begin();
        var objects = Objects(batch);
        var levels = new LevelLoss[maps.Length];
        for (var i = 0; i < maps.Length; i++)
        {
            levels[i] = Measure(_layers[i], maps[i], batch, objects);
        }

        var terms = new LossTerms();
        terms.Add("loss_bbox", [.. levels.Select(level => level.Box)]);
        terms.Add("loss_obj", [.. levels.Select(level => level.Objectness)]);
        terms.Add("loss_cls", [.. levels.Select(level => level.Class)]);
        return terms.KeepIn(scope);
    }

    // The first term carries the gradients of all three: only their sum is minimised.
    private static LevelLoss Measure(
        YoloLayerOptions layer, Tensor map, Batch batch, List<DarknetObject>[] objects)
    {
        var channels = layer.Mask.Count * (5 + layer.Classes);
        map.RequireShape([batch.Count, channels, ShapeGuard.Any, ShapeGuard.Any], "The cfg's filters must fit its classes.");
        var grid = new DarknetGrid(
            (int)map.Size(2), (int)map.Size(3), (int)batch.Images.Size(2), (int)batch.Images.Size(3));
        var values = map.Detach().ToArray();
        var length = values.Length / batch.Count;
        var images = new DarknetDeltas[batch.Count];
        Parallel.For(0, batch.Count, i =>
            images[i] = new DarknetDeltas(layer, grid, values.AsSpan(i * length, length), objects[i]));

        var gradient = Array.ConvertAll(
            images.SelectMany(image => image.Values).ToArray(), delta => -delta / batch.Count);
        var box = Average(images, image => image.BoxLoss, map.Device);
        return new(
            ClosedForm.Scalar(box, map, Tensor.From(gradient, map.Shape).To(map.Device)),
            Average(images, image => image.SquareSum(ofObjectness: true), map.Device),
            Average(images, image => image.SquareSum(ofObjectness: false), map.Device));
    }

    private static Tensor Average(DarknetDeltas[] images, Func<DarknetDeltas, double> value, Device device) =>
        Tensor.Full([], images.Average(value), device: device);

    private static List<DarknetObject>[] Objects(Batch batch)
    {
        double height = batch.Images.Size(2), width = batch.Images.Size(3);
        var objects = Enumerable.Range(0, batch.Count).Select(_ => new List<DarknetObject>()).ToArray();
        foreach (var item in YoloObject.Of(batch))
        {
            objects[item.Image].Add(new(
                new(item.X / width, item.Y / height, item.Width / width, item.Height / height), (int)item.Label));
        }

        return objects;
    }

    private sealed record LevelLoss(Tensor Box, Tensor Objectness, Tensor Class);
}
