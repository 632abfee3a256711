namespace MMDetSharp.Engine.Evaluation;

/// <summary>Precision (K, A, M, T, R) and recall (K, A, M, T); -1 where there is no object.</summary>
internal sealed class CocoCurves
{
    private readonly double[] _precision;
    private readonly double[] _recall;
    private readonly int _areas;
    private readonly int _maxima;
    private readonly int _thresholds;
    private readonly int _recalls;

    internal CocoCurves(int classes, CocoEvaluationOptions options)
    {
        _areas = options.AreaRanges.Count;
        _maxima = options.MaxDetections.Count;
        _thresholds = options.IoUThresholds.Count;
        _recalls = options.RecallThresholds.Count;
        _recall = new double[classes * _areas * _maxima * _thresholds];
        _precision = new double[_recall.Length * _recalls];
        _recall.AsSpan().Fill(-1);
        _precision.AsSpan().Fill(-1);
    }

    internal Span<double> Precision(int k, int a, int m, int t) =>
        _precision.AsSpan(Index(k, a, m, t) * _recalls, _recalls);

    internal double Recall(int k, int a, int m, int t) => _recall[Index(k, a, m, t)];

    internal void SetRecall(int k, int a, int m, int t, double value) => _recall[Index(k, a, m, t)] = value;

    /// <summary>Takes over what the next smaller number of detections gave.</summary>
    internal void Copy(int k, int a, int m, int t)
    {
        Precision(k, a, m - 1, t).CopyTo(Precision(k, a, m, t));
        SetRecall(k, a, m, t, Recall(k, a, m - 1, t));
    }

    private int Index(int k, int a, int m, int t) => (((((k * _areas) + a) * _maxima) + m) * _thresholds) + t;
}
