namespace MMDetSharp.Engine.Evaluation;

/// <summary>From matches to precision at each recall, for one class and one area range at a time.</summary>
/// <remarks>
/// Going down the scores, recall = tp / objects and precision = tp / (tp + fp); precision is then made to fall,
/// and read at the first place where recall reaches a threshold. Recall only grows at true positives, so that
/// only those places are kept.
/// </remarks>
internal sealed class CocoAccumulator
{
    /// <summary>The distance from 1 to the next larger double: pycocotools adds it against 0 / 0.</summary>
    private const double Spacing = 2.220446049250313e-16;

    private readonly CocoTable _table;
    private readonly CocoEvaluationOptions _options;
    private readonly CocoMatches _matches;
    private readonly CocoCurves _curves;
    private ulong[] _truePositives = [];
    private ulong[] _falsePositives = [];
    private double[] _precision = [];        // (true positives): at each of them, in descending order of score

    internal CocoAccumulator(
        CocoTable table, CocoEvaluationOptions options, CocoMatches matches, CocoCurves curves)
    {
        _table = table;
        _options = options;
        _matches = matches;
        _curves = curves;
    }

    /// <summary>Fills the curves of one class and area range; without an object they stay -1.</summary>
    internal void Accumulate(int k, int a)
    {
        var objects = CountObjects(k, a);
        if (objects == 0)
        {
            return;
        }

        var before = -1;
        for (var m = 0; m < _options.MaxDetections.Count; m++)
        {
            var count = Gather(k, a, _options.MaxDetections[m]);
            for (var t = 0; t < _options.IoUThresholds.Count; t++)
            {
                if (count == before)
                {
                    _curves.Copy(k, a, m, t);
                }
                else
                {
                    Fill(k, a, m, t, count, objects);
                }
            }

            before = count;
        }
    }

    private int CountObjects(int k, int a)
    {
        var count = 0;
        for (var g = _table.ClassObjects[k]; g < _table.ClassObjects[k + 1]; g++)
        {
            count += _table.IsCrowd[g] || _options.AreaRanges[a].Excludes(_table.ObjectArea[g]) ? 0 : 1;
        }

        return count;
    }

    /// <summary>The masks of the best detections of each image, in descending order of score.</summary>
    private int Gather(int k, int a, int maxDetections)
    {
        var slots = _table.ByScore.AsSpan(_table.ClassDetections[k]..(_table.ClassDetections[k + 1]));
        if (_truePositives.Length < slots.Length)
        {
            _truePositives = new ulong[slots.Length];
            _falsePositives = new ulong[slots.Length];
            _precision = new double[slots.Length];
        }

        var count = 0;
        foreach (var slot in slots)
        {
            if (_table.Rank[slot] < maxDetections)
            {
                _truePositives[count] = _matches.TruePositives[a][slot];
                _falsePositives[count++] = _matches.FalsePositives[a][slot];
            }
        }

        return count;
    }

    private void Fill(int k, int a, int m, int t, int count, int objects)
    {
        var found = 0;
        var wrong = 0;
        for (var i = 0; i < count; i++)
        {
            wrong += (int)((_falsePositives[i] >> t) & 1);
            if (((_truePositives[i] >> t) & 1) != 0)
            {
                found++;
                _precision[found - 1] = found / (wrong + found + Spacing);
            }
        }

        for (var i = found - 1; i > 0; i--)
        {
            _precision[i - 1] = Math.Max(_precision[i - 1], _precision[i]);
        }

        _curves.SetRecall(k, a, m, t, found / (double)objects);
        var curve = _curves.Precision(k, a, m, t);
        var reached = 0;
        for (var r = 0; r < curve.Length; r++)
        {
            while (reached < found && (reached + 1) / (double)objects < _options.RecallThresholds[r])
            {
                reached++;
            }

            curve[r] = reached < found ? _precision[reached] : 0;
        }
    }
}
