using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// YOLOv5's losses of one level, before their gains: CIoU of boxes (Zheng et al., arXiv:2005.03572), cross entropy of
/// objectness whose target is the overlap of the predicted box, and cross entropy of classes.
/// </summary>
/// <remarks>As ultralytics/yolov5, v6.0 and v7.0: utils/loss.py, ComputeLoss.</remarks>
/// <param name="options">Weights, smoothing and focal loss.</param>
internal sealed class YoloV5Loss(YoloV5LossOptions options)
{
    private const double Epsilon = 1e-7;
    private const double FocalAlpha = 0.25;

    /// <summary>CIoU loss of the positives, cross entropy of all objectness and of the positives' classes, for one level.</summary>
    /// <param name="map">(B, A, 5 + K, H, W): x, y, w, h, objectness and classes, before any sigmoid.</param>
    /// <param name="targets">What its places shall learn.</param>
    /// <returns>Scalars; box and class are 0 without targets. They belong to the caller.</returns>
    internal YoloV5LevelLoss Measure(Tensor map, YoloV5TargetSet targets)
    {
        using var scope = TensorScope.Begin();
        var objectness = map.Select(2, 4); // (B, A, H, W)
        var wanted = Tensor.ZerosLike(objectness.Detach());
        var (box, classes) = (Tensor.Zeros([], device: map.Device), Tensor.Zeros([], device: map.Device));
        if (targets.Count > 0)
        {
            var places = Places(targets, map.Device);
            var found = map.Index(places[0], places[1], null, places[2], places[3]); // (N, 5 + K)
            var overlap = CIoU(Boxes(found, targets), Values(targets.Boxes, 4, map.Device)); // (N)
            box = (1 - overlap).Mean();
            MarkObjects(wanted, overlap.Detach(), places, targets);
            classes = found.Size(1) > 6 ? Classes(found.Slice(1, 5), targets) : classes;
        }

        var confidence = CrossEntropy(objectness, wanted, options.ObjectnessPositiveWeight);
        return new(scope.Keep(box), scope.Keep(confidence), scope.Keep(classes));
    }

    /// <summary>CIoU of boxes, whose factor alpha counts as a constant for the gradient.</summary>
    /// <param name="prediction">(N, 4) xyxy.</param>
    /// <param name="target">(N, 4) xyxy.</param>
    /// <returns>(N), at most 1.</returns>
    internal static Tensor CIoU(Tensor prediction, Tensor target)
    {
        var pair = new BoxPair(prediction, target, Epsilon);
        var v = pair.AngleDifference().Pow(2) * (4 / (Math.PI * Math.PI)); // arXiv:2005.03572, (9)
        var alpha = v.Detach() / (v.Detach() - pair.IoU.Detach() + (1 + Epsilon)); // (11)
        return pair.DIoU() - (v * alpha); // (10), (N)
    }

    // x = 2 sigmoid(t) - 0.5, w = (2 sigmoid(t))^2 anchor, in cells.
    private static Tensor Boxes(Tensor found, YoloV5TargetSet targets)
    {
        var doubled = found.Slice(1, 0, 4).Sigmoid() * 2; // (N, 4)
        var centres = doubled.Slice(1, 0, 2) - 0.5;
        var halves = doubled.Slice(1, 2, 4).Pow(2) * Values(targets.AnchorSizes, 2, found.Device) / 2;
        return Tensor.Cat(1, centres - halves, centres + halves); // (N, 4) xyxy
    }

    private void MarkObjects(Tensor wanted, Tensor overlap, Tensor[] places, YoloV5TargetSet targets)
    {
        var rows = Indices(targets.LastOfPlace(), overlap.Device);
        var values = (overlap[rows].Clamp(min: 0) * options.OverlapRatio) + (1 - options.OverlapRatio);
        wanted.IndexPutInPlace([.. places.Select(place => place[rows])], values);
    }

    private Tensor Classes(Tensor found, YoloV5TargetSet targets)
    {
        var labels = Indices([.. targets.Labels], found.Device);
        var isTrue = Functional.OneHot(labels, found.Size(1)).To(found.Type); // (N, K)
        var wanted = (isTrue * (1 - options.LabelSmoothing)) + (options.LabelSmoothing / 2);
        return CrossEntropy(found, wanted, options.ClassPositiveWeight);
    }

    private Tensor CrossEntropy(Tensor prediction, Tensor target, double positiveWeight)
    {
        var weight = positiveWeight == 1 ? null : Tensor.Full([1], positiveWeight, device: prediction.Device);
        var losses = Functional.BinaryCrossEntropyWithLogits(prediction, target, positiveWeight: weight);
        if (options.FocalGamma <= 0)
        {
            return losses.Mean();
        }

        var p = prediction.Sigmoid();
        var right = (target * p) + ((1 - target) * (1 - p)); // arXiv:1708.02002, (2), for soft targets
        var alpha = (target * FocalAlpha) + ((1 - target) * (1 - FocalAlpha));
        return (losses * alpha * (1 - right).Pow(options.FocalGamma)).Mean(); // (5)
    }

    // (N) of image, anchor, row and column.
    private static Tensor[] Places(YoloV5TargetSet targets, Device device) =>
    [
        .. new[] { targets.Images, targets.Anchors, targets.Rows, targets.Columns }
            .Select(indices => Indices([.. indices], device)),
    ];

    private static Tensor Indices(long[] values, Device device) => Tensor.From(values, values.Length).To(device);

    private static Tensor Values(List<float> values, int columns, Device device) =>
        Tensor.From(values.ToArray(), values.Count / columns, columns).To(device);
}

/// <summary>The losses of one level, scalars.</summary>
/// <param name="Box">1 - CIoU.</param>
/// <param name="Objectness">Of all places.</param>
/// <param name="Class">Of the places with an object.</param>
internal sealed record YoloV5LevelLoss(Tensor Box, Tensor Objectness, Tensor Class);
