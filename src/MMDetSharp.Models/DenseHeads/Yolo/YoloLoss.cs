using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Cross entropies of classes, objectness and the centre, the squared difference of sizes, each level on its own: Redmon
/// and Farhadi, "YOLOv3", arXiv:1804.02767, sections 2.1 and 2.2.
/// </summary>
/// <remarks>
/// As the reference: the centre is compared by cross entropy, where the paper has squared differences.
/// </remarks>
public sealed record YoloLoss
{
    /// <summary>Of classes, where an object is.</summary>
    public required ILoss Classes { get; init; }

    /// <summary>Of objectness, where an object or background is.</summary>
    public required ILoss Objectness { get; init; }

    /// <summary>Of the centre in its cell, where an object is.</summary>
    public required ILoss Center { get; init; }

    /// <summary>Of the logarithms of width and height, where an object is.</summary>
    public required ILoss Size { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="maps">(B, A (5 + K), H, W) of each level, as the network gave them.</param>
    /// <param name="targets">What they should be.</param>
    /// <returns>loss_cls, loss_conf, loss_xy and loss_wh with one value per level; they belong to the caller.</returns>
    public LossTerms Compare(IReadOnlyList<Tensor> maps, YoloTargetSet targets)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(targets);
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
