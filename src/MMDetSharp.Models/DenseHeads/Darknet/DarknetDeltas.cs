namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>A ground truth of one image.</summary>
/// <param name="Box">In parts of the network's input.</param>
/// <param name="Label">Its class, 0 to K - 1.</param>
internal readonly record struct DarknetObject(RelativeBox Box, int Label);

/// <summary>The sizes that a layer works with.</summary>
/// <param name="Rows">Rows of cells.</param>
/// <param name="Columns">Columns of cells.</param>
/// <param name="NetHeight">Height of the network's input in pixels.</param>
/// <param name="NetWidth">Width of the network's input in pixels.</param>
internal readonly record struct DarknetGrid(int Rows, int Columns, int NetHeight, int NetWidth)
{
    internal int Cells => Rows * Columns;
}

/// <summary>
/// What a <c>[yolo]</c> layer hands back for one image: the negative gradients by its input ("deltas"). The targets are
/// assigned on the way: 1. every place learns that it holds no object, unless its prediction overlaps one by more than
/// <c>ignore_thresh</c>; 2. each object is learned by the place of its centre, with the anchor of the most similar shape
/// of all layers, if that anchor is this layer's, and with other anchors that overlap by more than <c>iou_thresh</c>.
/// </summary>
/// <remarks>
/// As AlexeyAB's darknet, yolo_layer.c. Objectness and classes have the deltas of cross entropy; x and y by squares have
/// no derivative of their sigmoid, which makes them cross entropy's too.
/// </remarks>
internal sealed class DarknetDeltas
{
    private const double LikelyClass = 0.25;
    private readonly YoloLayerOptions _options;
    private readonly DarknetGrid _grid;
    private readonly IReadOnlyList<DarknetObject> _objects;
    private readonly float[] _output;

    /// <param name="options">Anchors, thresholds and weights of the layer.</param>
    /// <param name="grid">Sizes of the map and of the network's input.</param>
    /// <param name="map">(A * (5 + K), H, W) the layer's input for one image; copied.</param>
    /// <param name="objects">The image's objects.</param>
    internal DarknetDeltas(
        YoloLayerOptions options, DarknetGrid grid, ReadOnlySpan<float> map, IReadOnlyList<DarknetObject> objects)
    {
        (_options, _grid, _objects) = (options, grid, objects);
        _output = map.ToArray();
        Values = new float[map.Length];
        Activate();
        LearnBackground();
        foreach (var item in objects)
        {
            LearnObject(item);
        }

        if (options.IouThreshold < 1)
        {
            AverageBoxes();
        }
    }

    /// <summary>(A * (5 + K), H, W) the deltas.</summary>
    internal float[] Values { get; }

    /// <summary>The sum of 1 - IoU of the learned boxes.</summary>
    internal double BoxLoss { get; private set; }

    /// <summary>The sum of squares of the deltas of objectness, or of classes: what Darknet prints.</summary>
    internal double SquareSum(bool ofObjectness)
    {
        double sum = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            var entry = i / _grid.Cells % (5 + _options.Classes);
            sum += ofObjectness ? entry == 4 ? Values[i] * Values[i] : 0 : entry > 4 ? Values[i] * Values[i] : 0;
        }

        return sum;
    }

    private int Place(int anchor, int entry, int cell) =>
        (((anchor * (5 + _options.Classes)) + entry) * _grid.Cells) + cell;

    private void Activate()
    {
        for (var i = 0; i < _output.Length; i++)
        {
            var entry = i / _grid.Cells % (5 + _options.Classes);
            if (!_options.NewCoords && entry is not (2 or 3))
            {
                _output[i] = 1 / (1 + MathF.Exp(-_output[i]));
            }

            if (entry < 2)
            {
                _output[i] = (float)((_output[i] * _options.ScaleXY) - (0.5 * (_options.ScaleXY - 1)));
            }
        }
    }

    private RelativeBox Box(int anchor, int cell)
    {
        var (width, height) = _options.Anchors[_options.Mask[anchor]];
        double w = _output[Place(anchor, 2, cell)], h = _output[Place(anchor, 3, cell)];
        return new(
            ((cell % _grid.Columns) + _output[Place(anchor, 0, cell)]) / (double)_grid.Columns,
            ((cell / _grid.Columns) + _output[Place(anchor, 1, cell)]) / (double)_grid.Rows,
            (_options.NewCoords ? 4 * w * w : Math.Exp(w)) * width / _grid.NetWidth,
            (_options.NewCoords ? 4 * h * h : Math.Exp(h)) * height / _grid.NetHeight);
    }

    private void LearnBackground()
    {
        for (var anchor = 0; anchor < _options.Mask.Count; anchor++)
        {
            for (var cell = 0; cell < _grid.Cells; cell++)
            {
                var (best, overlap) = MostOverlapping(Box(anchor, cell));
                var isIgnored = overlap > _options.IgnoreThreshold && HasLikelyClass(anchor, cell);
                var place = Place(anchor, 4, cell);
                Values[place] = isIgnored ? 0 : (float)(_options.ObjectnessNormalizer * -_output[place]);
                if (overlap > _options.TruthThreshold)
                {
                    Learn(anchor, cell, _objects[best]);
                }
            }
        }
    }

    private (int Best, double Overlap) MostOverlapping(RelativeBox box)
    {
        var (best, overlap) = (-1, 0.0);
        for (var i = 0; i < _objects.Count; i++)
        {
            var value = box.IoU(_objects[i].Box);
            (best, overlap) = value > overlap ? (i, value) : (best, overlap);
        }

        return (best, overlap);
    }

    // As Darknet: a prediction without any likely class stays background, however well it overlaps.
    private bool HasLikelyClass(int anchor, int cell)
    {
        for (var label = 0; label < _options.Classes; label++)
        {
            if (_output[Place(anchor, 5 + label, cell)] > LikelyClass)
            {
                return true;
            }
        }

        return false;
    }

    private void LearnObject(DarknetObject item)
    {
        var column = Math.Clamp((int)(item.Box.X * _grid.Columns), 0, _grid.Columns - 1);
        var row = Math.Clamp((int)(item.Box.Y * _grid.Rows), 0, _grid.Rows - 1);
        var cell = (row * _grid.Columns) + column;
        var overlaps = _options.Anchors
            .Select(anchor => item.Box.ShapeIoU(new(0, 0, anchor.Width / _grid.NetWidth, anchor.Height / _grid.NetHeight)))
            .ToArray();
        var best = Array.IndexOf(overlaps, overlaps.Max());
        Learn(MaskIndex(best), cell, item);
        for (var i = 0; i < overlaps.Length; i++)
        {
            if (i != best && overlaps[i] > _options.IouThreshold)
            {
                Learn(MaskIndex(i), cell, item);
            }
        }
    }

    private int MaskIndex(int anchor) => _options.Mask.ToList().IndexOf(anchor);

    private void Learn(int anchor, int cell, DarknetObject item)
    {
        if (anchor < 0)
        {
            return;
        }

        var place = Place(anchor, 4, cell);
        LearnBox(anchor, cell, item.Box);
        Values[place] = (float)(_options.ObjectnessNormalizer * (1 - _output[place]));
        LearnClass(anchor, cell, item.Label);
    }

    private void LearnBox(int anchor, int cell, RelativeBox truth)
    {
        var box = Box(anchor, cell);
        BoxLoss += _options.IouNormalizer * (1 - box.IoU(truth));
        var deltas = _options.IouLoss == "mse" ? Squares(anchor, cell, truth) : Overlaps(anchor, cell, (box, truth));
        for (var i = 0; i < 4; i++)
        {
            Values[Place(anchor, i, cell)] += (float)deltas[i];
        }
    }

    // Differences to the encoded object; small objects count up to twice.
    private double[] Squares(int anchor, int cell, RelativeBox truth)
    {
        var (width, height) = _options.Anchors[_options.Mask[anchor]];
        var scale = _options.IouNormalizer * (2 - (truth.Width * truth.Height));
        var (w, h) = (truth.Width * _grid.NetWidth / width, truth.Height * _grid.NetHeight / height);
        double[] wanted =
        [
            (truth.X * _grid.Columns) - (cell % _grid.Columns),
            (truth.Y * _grid.Rows) - (cell / _grid.Columns),
            _options.NewCoords ? Math.Sqrt(w / 4) : Math.Log(w),
            _options.NewCoords ? Math.Sqrt(h / 4) : Math.Log(h),
        ];
        return [.. wanted.Select((value, i) => scale * (value - _output[Place(anchor, i, cell)]))];
    }

    // As Darknet: of w = exp(t) p only the exponential enters the chain rule, of x = sigmoid(t) nothing.
    private double[] Overlaps(int anchor, int cell, (RelativeBox Box, RelativeBox Truth) pair)
    {
        var deltas = DarknetBoxGradient.Of(pair.Box, pair.Truth, _options.IouLoss);
        for (var i = 0; i < 4; i++)
        {
            var chain = i > 1 && !_options.NewCoords ? Math.Exp(_output[Place(anchor, i, cell)]) : 1;
            var value = deltas[i] * chain * _options.IouNormalizer;
            deltas[i] = double.IsFinite(value) ? Math.Clamp(value, -_options.MaxDelta, _options.MaxDelta) : 0;
        }

        return deltas;
    }

    // A place that learns this class already keeps its other classes: two objects may share it.
    private void LearnClass(int anchor, int cell, int label)
    {
        var own = Place(anchor, 5 + label, cell);
        if (Values[own] != 0)
        {
            Values[own] = Smooth(1) - _output[own];
            return;
        }

        var focus = _options.FocalLoss ? Focus(_output[own]) : 1;
        for (var other = 0; other < _options.Classes; other++)
        {
            var place = Place(anchor, 5 + other, cell);
            var wanted = other == label ? 1 : 0;
            Values[place] = (float)(focus * ((_options.FocalLoss ? wanted : Smooth(wanted)) - _output[place]));
        }
    }

    private float Smooth(float wanted) =>
        (float)((wanted * (1 - _options.LabelSmoothing)) + (0.5 * _options.LabelSmoothing));

    // Darknet's focal loss: alpha 0.5, gamma 2.
    private static double Focus(double p)
    {
        p += 1e-15;
        return 0.5 * -(1 - p) * ((2 * p * Math.Log(p)) + p - 1);
    }

    // A place that learned several objects takes the average of their boxes.
    private void AverageBoxes()
    {
        for (var anchor = 0; anchor < _options.Mask.Count; anchor++)
        {
            for (var cell = 0; cell < _grid.Cells; cell++)
            {
                var classes = 0;
                for (var label = 0; label < _options.Classes; label++)
                {
                    classes += Values[Place(anchor, 5 + label, cell)] > 0 ? 1 : 0;
                }

                for (var i = 0; classes > 0 && Values[Place(anchor, 4, cell)] != 0 && i < 4; i++)
                {
                    Values[Place(anchor, i, cell)] /= classes;
                }
            }
        }
    }
}
