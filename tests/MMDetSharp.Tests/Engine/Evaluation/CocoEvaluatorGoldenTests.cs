using System.Text.Json;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Evaluation;

/// <summary>The numbers that pycocotools gave for <c>coco_gt.json</c> and <c>coco_dets.json</c>.</summary>
[Trait("Category", "Golden")]
public class CocoEvaluatorGoldenTests
{
    private const string Stats = "components/coco_stats.json";
    private const double Tolerance = 1e-9;   // same doubles, summed in another order

    [GoldenFact(Stats)]
    public void Evaluate_Default_GivesRecordedNumbers() => Check("default", new CocoEvaluationOptions());

    [GoldenFact(Stats)]
    public void Evaluate_ProposalNumbers_GivesRecordedNumbers() =>
        Check("mmdet_proposal_nums", new CocoEvaluationOptions { MaxDetections = [100, 300, 1000] });

    [GoldenFact(Stats)]
    public void Evaluate_WithoutCategories_GivesRecordedNumbers() =>
        Check("agnostic", new CocoEvaluationOptions { UseCategories = false });

    [GoldenFact(Stats)]
    public void Evaluate_OneThread_GivesRecordedNumbers() =>
        Check("default", new CocoEvaluationOptions { Threads = 1 });

    private static string Component(string name) => Path.Combine(RepositoryFolder.Goldens, "components", name);

    private static void Check(string name, CocoEvaluationOptions options)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Component("coco_stats.json")));
        var expected = document.RootElement.GetProperty(name);
        var annotations = CocoAnnotations.Load(Component("coco_gt.json"));
        var results = CocoResults.Load(Component("coco_dets.json"));
        Assert.Equal(
            expected.GetProperty("maxDets").EnumerateArray().Select(m => m.GetInt32()), options.MaxDetections);

        var evaluation = CocoEvaluator.Evaluate(annotations, results, options);

        if (expected.GetProperty("stats").ValueKind == JsonValueKind.Array)
        {
            AssertClose(expected.GetProperty("stats"), evaluation.Stats);
        }

        var ids = expected.GetProperty("categories").EnumerateArray().Select(c => c.GetInt64()).ToList();
        Assert.Equal(ids, evaluation.CategoryIds);
        var classes = expected.GetProperty("per_category").EnumerateArray().ToList();
        for (var k = 0; k < classes.Count; k++)
        {
            Assert.Equal(classes[k].GetProperty("ap").GetDouble(), evaluation.AveragePrecision(ids[k]), Tolerance);
            Assert.Equal(
                classes[k].GetProperty("ap50").GetDouble(), evaluation.AveragePrecision(ids[k], 0.5), Tolerance);
        }

        var recalls = expected.GetProperty("recall_mean_per_area_maxdet").EnumerateArray().ToList();
        for (var a = 0; a < recalls.Count; a++)
        {
            AssertClose(recalls[a], [.. options.MaxDetections.Select((_, m) => evaluation.AverageRecall(a, m))]);
        }

        Assert.Equal(expected.GetProperty("precision_sum").GetDouble(), PrecisionSum(evaluation, options), 1e-6);
    }

    private static double PrecisionSum(CocoEvaluation evaluation, CocoEvaluationOptions options)
    {
        var sum = 0.0;
        for (var t = 0; t < options.IoUThresholds.Count; t++)
        {
            for (var k = 0; k < evaluation.Classes; k++)
            {
                for (var am = 0; am < options.AreaRanges.Count * options.MaxDetections.Count; am++)
                {
                    var at = new CurveIndex(
                        t, k, am / options.MaxDetections.Count, am % options.MaxDetections.Count);
                    sum += Enumerable.Range(0, options.RecallThresholds.Count)
                        .Select(r => evaluation.Precision(at, r))
                        .Where(precision => precision > -1)
                        .Sum();
                }
            }
        }

        return sum;
    }

    private static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        for (var i = 0; i < actual.Count; i++)
        {
            Assert.Equal(expected[i].GetDouble(), actual[i], Tolerance);
        }
    }
}
