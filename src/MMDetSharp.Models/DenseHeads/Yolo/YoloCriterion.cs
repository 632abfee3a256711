using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// MMDetection's criterion of YOLOv3: cross entropies of classes, objectness and the centre, the squared difference of
/// sizes, each level on its own: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, sections 2.1 and 2.2.
/// </summary>
/// <remarks>
/// As the reference: the centre is compared by cross entropy, where the paper has squared differences.
/// </remarks>
/// <param name="targets">Ground truth to targets.</param>
/// <param name="losses">What each part of a prediction is compared by.</param>
public sealed class YoloCriterion(YoloTargets targets, YoloLosses losses) : ICriterion
{
    /// <summary>Ground truth to targets.</summary>
    internal YoloTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>pred_map</c> (B, A (5 + K), H, W) of each level.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_conf, loss_xy and loss_wh with one value per level; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        return losses.Compare(maps["pred_map"], targets.Make(maps.Sizes, batch)).KeepIn(scope);
    }
}

/// <summary>What each part of a prediction is compared by, and where.</summary>
public sealed record YoloLosses
{
    /// <summary>Of classes, where an object is.</summary>
    public ILoss Classes { get; init; } = new CrossEntropyLoss(CrossEntropyMode.Sigmoid);

    /// <summary>Of objectness, where an object or background is.</summary>
    public ILoss Objectness { get; init; } = new CrossEntropyLoss(CrossEntropyMode.Sigmoid);

    /// <summary>Of the centre in its cell, where an object is.</summary>
    public ILoss Center { get; init; } = new CrossEntropyLoss(CrossEntropyMode.Sigmoid);

    /// <summary>Of the logarithms of width and height, where an object is.</summary>
    public ILoss Size { get; init; } = new MseLoss();

    /// <summary>Losses of classes, objectness, centres and sizes.</summary>
    /// <param name="maps">(B, A (5 + K), H, W) of each level, as the network gave them.</param>
    /// <param name="targets">What they should be.</param>
    /// <returns>One value per level; they belong to the caller.</returns>
    internal LossTerms Compare(IReadOnlyList<Tensor> maps, YoloTargetSet targets)
    {
        using var scope = TensorScope.Begin();
        var levels = maps.Select((map, i) => Level(map, targets.Maps[i], targets.Negatives[i])).ToArray();
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. levels.Select(level => level.Classes)]);
        terms.Add("loss_conf", [.. levels.Select(level => level.Objectness)]);
        terms.Add("loss_xy", [.. levels.Select(level => level.Center)]);
        terms.Add("loss_wh", [.. levels.Select(level => level.Size)]);
        return terms.KeepIn(scope);
    }

    private (Tensor Classes, Tensor Objectness, Tensor Center, Tensor Size) Level(
        Tensor map, Tensor target, Tensor negative)
    {
        var (batch, attributes) = (target.Size(0), target.Size(2));
        var classes = attributes - 5;
        var predicted = map.Permute(0, 2, 3, 1).Reshape(batch, -1, attributes); // (B, P, 5 + K)
        predicted.RequireShape(target.Shape, "Make the targets for maps of these sizes.");
        var objectness = target.Select(-1, 4); // (B, P)
        var positive = objectness.Unsqueeze(-1); // (B, P, 1)
        return (
            Classes.Forward(predicted.Narrow(-1, 5, classes), target.Narrow(-1, 5, classes), positive),
            Objectness.Forward(predicted.Select(-1, 4), objectness, objectness + negative),
            Center.Forward(predicted.Narrow(-1, 0, 2), target.Narrow(-1, 0, 2), positive),
            Size.Forward(predicted.Narrow(-1, 2, 2), target.Narrow(-1, 2, 2), positive));
    }
}
