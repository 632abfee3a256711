using System.Numerics;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>
/// Matches the detections of one group to its objects, at all IoU thresholds at once: bit t of a mask belongs to
/// threshold t. Detections are matched by descending score; each takes the free object it overlaps most,
/// an ignored one (crowd, or of another size) only where no other is left. A crowd is never used up.
/// </summary>
/// <remarks>One for each thread: it owns buffers.</remarks>
internal sealed class CocoMatcher
{
    private readonly CocoTable _table;
    private readonly CocoEvaluationOptions _options;
    private readonly CocoMatches _matches;
    private readonly double[] _thresholds;
    private readonly double _lowest;
    private readonly ulong _all;
    private readonly int _maxDetections;
    private double[] _iou = [];              // (G, D) row-major
    private ulong[] _taken = [];             // (G): thresholds at which the object is matched
    private bool[] _ignored = [];            // (G)
    private int[] _near = [];                // objects that the detection overlaps enough for some threshold

    internal CocoMatcher(CocoTable table, CocoEvaluationOptions options, CocoMatches matches)
    {
        _table = table;
        _options = options;
        _matches = matches;
        _thresholds = [.. options.IoUThresholds.Select(t => Math.Min(t, 1 - 1e-10))];
        _lowest = _thresholds.Min();
        _all = _thresholds.Length == 64 ? ulong.MaxValue : (1UL << _thresholds.Length) - 1;
        _maxDetections = options.MaxDetections[^1];
    }

    /// <summary>Writes the masks of the group's detections into the matches.</summary>
    internal void Match(in CocoTable.Group group)
    {
        var end = Math.Min(group.End, group.Start + _maxDetections);
        var objects = group.Objects.End - group.Objects.Start;
        if (objects > 0)
        {
            Overlap(group, end);
        }

        for (var a = 0; a < _options.AreaRanges.Count; a++)
        {
            MarkIgnored(group, a);
            for (var d = group.Start; d < end; d++)
            {
                var near = objects == 0 ? 0 : FindNear(objects, d - group.Start, end - group.Start);
                Decide(group, a, d, end - group.Start, near);
            }
        }
    }

    private void Overlap(in CocoTable.Group group, int end)
    {
        var objects = group.Objects.End - group.Objects.Start;
        var count = end - group.Start;
        if (_iou.Length < objects * count)
        {
            _iou = new double[objects * count * 2];
        }

        if (_taken.Length < objects)
        {
            _taken = new ulong[objects * 2];
            _ignored = new bool[objects * 2];
            _near = new int[objects * 2];
        }

        for (var g = 0; g < objects; g++)
        {
            OverlapOne(group.Objects.Start + g, group.Start, _iou.AsSpan(g * count, count));
        }
    }

    /// <summary>
    /// IoU of one object with a row of detections; over a crowd, the part of the detection inside it.
    /// </summary>
    private void OverlapOne(int g, int start, Span<double> iou)
    {
        var objects = _table.Objects;
        var boxes = _table.Detections;
        var (x1, y1, x2, y2) = (objects.X1[g], objects.Y1[g], objects.X2[g], objects.Y2[g]);
        var area = _table.IsCrowd[g] ? double.NaN : objects.Area[g];
        var step = Vector<double>.Count;
        var d = 0;
        for (; d <= iou.Length - step; d += step)
        {
            var width = Vector.Min(new Vector<double>(boxes.X2, start + d), new Vector<double>(x2))
                - Vector.Max(new Vector<double>(boxes.X1, start + d), new Vector<double>(x1));
            var height = Vector.Min(new Vector<double>(boxes.Y2, start + d), new Vector<double>(y2))
                - Vector.Max(new Vector<double>(boxes.Y1, start + d), new Vector<double>(y1));
            var intersection = width * height;
            var own = new Vector<double>(boxes.Area, start + d);
            var union = double.IsNaN(area) ? own : own + new Vector<double>(area) - intersection;
            var overlaps = Vector.GreaterThan(width, Vector<double>.Zero)
                & Vector.GreaterThan(height, Vector<double>.Zero);
            Vector.ConditionalSelect(overlaps, intersection / union, Vector<double>.Zero).CopyTo(iou[d..]);
        }

        for (; d < iou.Length; d++)
        {
            var width = Math.Min(boxes.X2[start + d], x2) - Math.Max(boxes.X1[start + d], x1);
            var height = Math.Min(boxes.Y2[start + d], y2) - Math.Max(boxes.Y1[start + d], y1);
            var intersection = width * height;
            var own = boxes.Area[start + d];
            var union = double.IsNaN(area) ? own : own + area - intersection;
            iou[d] = width > 0 && height > 0 ? intersection / union : 0;
        }
    }

    private void MarkIgnored(in CocoTable.Group group, int a)
    {
        var range = _options.AreaRanges[a];
        for (var g = group.Objects.Start; g < group.Objects.End; g++)
        {
            _taken[g - group.Objects.Start] = 0;
            _ignored[g - group.Objects.Start] = _table.IsCrowd[g] || range.Excludes(_table.ObjectArea[g]);
        }
    }

    private int FindNear(int objects, int d, int count)
    {
        var near = 0;
        for (var g = 0; g < objects; g++)
        {
            if (_iou[(g * count) + d] >= _lowest)
            {
                _near[near++] = g;
            }
        }

        return near;
    }

    private void Decide(in CocoTable.Group group, int a, int d, int count, int near)
    {
        ulong matched = 0;
        ulong ignored = 0;
        for (var t = 0; near > 0 && t < _thresholds.Length; t++)
        {
            var g = Choose(group, d - group.Start, count, near, t);
            if (g < 0)
            {
                continue;
            }

            var bit = 1UL << t;
            _taken[g] |= bit;
            ignored |= _ignored[g] ? bit : 0;

            // As pycocotools: a match is remembered by the object's id, so that id 0 counts as none.
            matched |= _table.HasIdZero[group.Objects.Start + g] ? 0 : bit;
        }

        if (_options.AreaRanges[a].Excludes(_table.Detections.Area[d]))
        {
            ignored |= ~matched;
        }

        _matches.TruePositives[a][d] = matched & ~ignored;
        _matches.FalsePositives[a][d] = _all & ~matched & ~ignored;
    }

    /// <summary>The best free object at one threshold, of equal ones the last; -1 if there is none.</summary>
    private int Choose(in CocoTable.Group group, int d, int count, int near, int t)
    {
        var best = _thresholds[t];
        var chosen = -1;
        for (var i = 0; i < near; i++)
        {
            var g = _near[i];
            if (!_ignored[g] && ((_taken[g] >> t) & 1) == 0 && _iou[(g * count) + d] >= best)
            {
                best = _iou[(g * count) + d];
                chosen = g;
            }
        }

        return chosen >= 0 ? chosen : BestIgnored(group, d, count, near, t);
    }

    private int BestIgnored(in CocoTable.Group group, int d, int count, int near, int t)
    {
        var best = _thresholds[t];
        var chosen = -1;
        for (var i = 0; i < near; i++)
        {
            var g = _near[i];
            var free = ((_taken[g] >> t) & 1) == 0 || _table.IsCrowd[group.Objects.Start + g];
            if (_ignored[g] && free && _iou[(g * count) + d] >= best)
            {
                best = _iou[(g * count) + d];
                chosen = g;
            }
        }

        return chosen;
    }
}

/// <summary>What matching found: for each area range and detection, a bit for each IoU threshold.</summary>
/// <remarks>A detection in neither mask is ignored: it matched an ignored object, or has another size.</remarks>
internal sealed class CocoMatches(int areas, int detections)
{
    internal ulong[][] TruePositives { get; } = Make(areas, detections);

    internal ulong[][] FalsePositives { get; } = Make(areas, detections);

    private static ulong[][] Make(int areas, int detections) =>
        [.. Enumerable.Range(0, areas).Select(_ => new ulong[detections])];
}
