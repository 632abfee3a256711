using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// YOLOv5's training objective: 1. each level assigns targets by the ratio of sides (<c>YoloV5Targets</c>);
/// 2. boxes, objectness and classes are measured (<c>YoloV5Loss</c>); 3. objectness is balanced over levels, all is
/// weighed by gains and, as the original, multiplied by the number of images.
/// </summary>
public sealed class YoloV5Criterion : ICriterion
{
    private static readonly double[] s_threeLevels = [4, 1, 0.4];
    private static readonly double[] s_moreLevels = [4, 1, 0.25, 0.06, 0.02];
    private readonly IReadOnlyList<YoloLevel> _levels;
    private readonly YoloV5LossOptions _options;
    private readonly IReadOnlyList<double> _balance;
    private readonly YoloV5Targets _targets;
    private readonly YoloV5Loss _loss;

    /// <param name="levels">(L) anchors and strides, in the order of the maps.</param>
    /// <param name="options">Thresholds and gains; null for YOLOv5's.</param>
    /// <exception cref="ArgumentException">There are fewer balances than levels.</exception>
    public YoloV5Criterion(IReadOnlyList<YoloLevel> levels, YoloV5LossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(levels);
        _levels = levels;
        _options = options ?? new YoloV5LossOptions();
        _balance = _options.Balance ?? (levels.Count == s_threeLevels.Length ? s_threeLevels : s_moreLevels);
        if (_balance.Count < levels.Count)
        {
            throw new ArgumentException(
                $"YOLOv5Loss: balance must have one factor for each of {levels.Count} levels, got {_balance.Count}. " +
                "Give more.", nameof(options));
        }

        _targets = new YoloV5Targets(_options);
        _loss = new YoloV5Loss(_options);
    }

    /// <inheritdoc/>
    /// <param name="maps">
    /// <c>pred_map</c> (B, A (5 + K), H, W) of each level: for each anchor x, y, w, h, objectness and the classes, before
    /// any sigmoid.
    /// </param>
    /// <param name="batch">The images and their objects.</param>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        return Compute(maps["pred_map"], batch);
    }

    private LossTerms Compute(Tensor[] maps, Batch batch)
    {
        RequireLevels(maps);
        using var scope = TensorScope.Begin();
        var objects = YoloObject.Of(batch);
        var classCount = maps[0].Size(1) / _levels[0].Anchors.Count - 5;
        var levels = new YoloV5LevelLoss[maps.Length];
        for (var i = 0; i < maps.Length; i++)
        {
            var map = Split(maps[i], _levels[i]); // (B, A, 5 + K, H, W)
            levels[i] = _loss.Measure(map, _targets.Make(_levels[i], map.Size(3), map.Size(4), objects));
        }

        var (box, objectness, classes) = Gains(classCount);
        var terms = new LossTerms();
        terms.Add("loss_bbox", [.. levels.Select(level => level.Box * (box * batch.Count))]);
        terms.Add("loss_obj", [.. levels.Select((level, i) => level.Objectness * (objectness * _balance[i] * batch.Count))]);
        terms.Add("loss_cls", [.. levels.Select(level => level.Class * (classes * batch.Count))]);
        return terms.KeepIn(scope);
    }

    // As train.py: the gains are for 3 levels, 80 classes and images of 640 pixels.
    private (double Box, double Objectness, double Class) Gains(long classCount)
    {
        var (box, objectness, classes) = (_options.BoxGain, _options.ObjectnessGain, _options.ClassGain);
        if (_options.ImageSize is not { } size)
        {
            return (box, objectness, classes);
        }

        var perLevel = 3.0 / _levels.Count;
        return (box * perLevel, objectness * perLevel * Math.Pow(size / 640.0, 2), classes * perLevel * classCount / 80);
    }

    private void RequireLevels(Tensor[] maps)
    {
        if (maps.Length != _levels.Count)
        {
            throw new ArgumentException(
                $"YOLOv5Loss: there must be one map for each of {_levels.Count} levels, got {maps.Length}. " +
                "Give as many strides and anchors as the network has outputs.", nameof(maps));
        }
    }

    private static Tensor Split(Tensor map, YoloLevel level)
    {
        map.RequireShape([ShapeGuard.Any, ShapeGuard.Any, ShapeGuard.Any, ShapeGuard.Any]);
        var anchors = level.Anchors.Count;
        return map.Size(1) % anchors == 0 && map.Size(1) / anchors > 5
            ? map.Reshape(map.Size(0), anchors, map.Size(1) / anchors, map.Size(2), map.Size(3))
            : throw new ArgumentException(
                $"YOLOv5Loss: a map must have {anchors} * (5 + K) channels, got {map.Size(1)}. " +
                "Give as many anchors as the head has.", nameof(map));
    }
}
