using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Tests.Engine.Evaluation;

public class CocoEvaluatorTests
{
    [Fact]
    public void Evaluate_TwoObjectsThreeDetections_GivesHandComputedNumbers()
    {
        // Two objects 10 x 10. Detections by score: 0.9 exact on A (IoU 1), 0.8 nowhere, 0.7 on B shifted by 2:
        // overlap 8 x 10 = 80, union 120, IoU 0.667. Up to threshold 0.65 both are found, beyond only A.
        // IoU 0.5 to 0.65 (4 thresholds): recall 0.5 at precision 1, recall 1 at precision 2/3.
        //   Recall thresholds 0 to 0.5 (51) read 1, those above (50) read 2/3: AP = (51 + 50 * 2/3) / 101.
        // IoU 0.7 to 0.95 (6 thresholds): recall stops at 0.5: AP = 51 / 101.
        var results = Results((0, 0, 0.9), (300, 300, 0.8), (102, 100, 0.7));

        var evaluation = CocoEvaluator.Evaluate(Objects((0, 0), (100, 100)), results);

        var low = (51 + (50 * 2 / 3.0)) / 101;
        var high = 51 / 101.0;
        Assert.Equal(((4 * low) + (6 * high)) / 10, evaluation.Stats[0], 1e-12);
        Assert.Equal(low, evaluation.Stats[1], 1e-12);
        Assert.Equal(high, evaluation.Stats[2], 1e-12);
        Assert.Equal(((4 * low) + (6 * high)) / 10, evaluation.Stats[3], 1e-12);     // area 100: small
        Assert.Equal(-1, evaluation.Stats[4]);
        Assert.Equal(-1, evaluation.Stats[5]);
        Assert.Equal(0.5, evaluation.Stats[6], 1e-12);                               // only the best detection
        Assert.Equal(((4 * 1) + (6 * 0.5)) / 10, evaluation.Stats[8], 1e-12);
        Assert.Equal(low, evaluation.AveragePrecision(1, 0.5), 1e-12);
    }

    [Fact]
    public void Evaluate_NoDetection_GivesZero()
    {
        var evaluation = CocoEvaluator.Evaluate(Objects((0, 0)), new CocoResults());

        Assert.Equal([0, 0, 0, 0, -1, -1, 0, 0, 0, 0, -1, -1], evaluation.Stats);
    }

    [Fact]
    public void Evaluate_NoObject_GivesMinusOne()
    {
        var evaluation = CocoEvaluator.Evaluate(Objects(), Results((0, 0, 0.9)));

        Assert.All(evaluation.Stats, stat => Assert.Equal(-1, stat));
        Assert.True(double.IsNaN(evaluation.AveragePrecision(1)));
        Assert.Contains("= -1.000", evaluation.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NothingAtAll_GivesMinusOne() =>
        Assert.All(
            CocoEvaluator.Evaluate(Objects(), new CocoResults()).Stats, stat => Assert.Equal(-1, stat));

    [Fact]
    public void Evaluate_AllCrowd_GivesMinusOne()
    {
        var crowd = new CocoAnnotation(1, 1, 1) { Width = 10, Height = 10, Area = 100, IsCrowd = true };

        var evaluation = CocoEvaluator.Evaluate(Make(crowd), Results((0, 0, 0.9)));

        Assert.All(evaluation.Stats, stat => Assert.Equal(-1, stat));
    }

    [Fact]
    public void Evaluate_DetectionsInACrowd_AreNotWrong()
    {
        // Three detections inside a crowd of 100 x 100: IoU with it is their own area over itself, 1. None counts.
        var crowd = new CocoAnnotation(2, 1, 1) { X = 200, Width = 100, Height = 100, Area = 1e4, IsCrowd = true };
        var annotations = Make(new CocoAnnotation(1, 1, 1) { Width = 10, Height = 10, Area = 100 }, crowd);

        var evaluation = CocoEvaluator.Evaluate(
            annotations, Results((210, 10, 0.9), (220, 10, 0.8), (230, 10, 0.7), (0, 0, 0.1)));

        Assert.Equal(1, evaluation.Stats[0], 1e-12);
    }

    [Fact]
    public void Evaluate_EqualScores_KeepTheOrderOfImagesThenOfTheFile()
    {
        // Image 2 comes first in the file but second by id: with equal scores the wrong detection on image 1 leads.
        // Precision at the found one is 1/2 over all recalls: AP50 = 0.5.
        var annotations = new CocoAnnotations(
            "a.json",
            [new(2, "b", 64, 64), new(1, "a", 64, 64)],
            [new(1, "cat")],
            [new(1, 2, 1) { Width = 10, Height = 10, Area = 100 }]);
        var results = new CocoResults();
        results.Add(new CocoResult(2, 1, 0.5) { Width = 10, Height = 10 });
        results.Add(new CocoResult(1, 1, 0.5) { Width = 10, Height = 10 });

        Assert.Equal(0.5, CocoEvaluator.Evaluate(annotations, results).Stats[1], 1e-12);
    }

    [Fact]
    public void Evaluate_ObjectWithIdZero_CountsAsMissed()
    {
        // As pycocotools: a match is remembered by the object's id, 0 means none.
        var annotations = Make(new CocoAnnotation(0, 1, 1) { Width = 10, Height = 10, Area = 100 });

        Assert.Equal(0, CocoEvaluator.Evaluate(annotations, Results((0, 0, 0.9))).Stats[0]);
    }

    [Fact]
    public void Evaluate_UnknownImage_IsAnError()
    {
        var results = new CocoResults();
        results.Add(new CocoResult(77, 1, 1));

        var message = Assert.Throws<DatasetException>(() => CocoEvaluator.Evaluate(Objects((0, 0)), results)).Message;

        Assert.Contains("image_id 77", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OtherCategories_AreCountedAsUnused()
    {
        var results = new CocoResults();
        results.Add(new CocoResult(1, 55, 1));

        Assert.Equal(1, CocoEvaluator.Evaluate(Objects((0, 0)), results).UnusedDetections);
    }

    [Fact]
    public void Evaluate_ContradictingOptions_AreErrors() =>
        Assert.Throws<ArgumentException>(() => CocoEvaluator.Evaluate(
            Objects(), new CocoResults(), new CocoEvaluationOptions { MaxDetections = [100, 10] }));

    [Fact]
    public void Summary_TwelveLines_AreThoseOfPycocotools()
    {
        var lines = CocoEvaluator.Evaluate(Objects((0, 0)), Results((0, 0, 1))).Summary().Split('\n');

        Assert.Equal(12, lines.Length);
        Assert.Equal(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000", lines[0]);
        Assert.Equal(" Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 1.000", lines[1]);
        Assert.Equal(" Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 1.000", lines[6]);
        Assert.Equal(" Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000", lines[11]);
    }

    [Theory]
    [InlineData(0.0625, "0.062")]     // halves: the even digit, as Python
    [InlineData(0.1875, "0.188")]
    [InlineData(0.0005, "0.001")]     // 0.0005000000000000000104
    [InlineData(1, "1.000")]
    [InlineData(-1, "-1.000")]
    [InlineData(double.NaN, "nan")]
    public void RoundedText_Value_IsAsPythonPrintsIt(double value, string text) =>
        Assert.Equal(text, Rounded.Text(value));

    private static CocoAnnotations Objects(params (double X, double Y)[] corners) => Make(
        [.. corners.Select((c, i) =>
            new CocoAnnotation(i + 1, 1, 1) { X = c.X, Y = c.Y, Width = 10, Height = 10, Area = 100 })]);

    private static CocoAnnotations Make(params CocoAnnotation[] boxes) =>
        new("a.json", [new(1, "a.jpg", 640, 480)], [new(1, "cat")], boxes);

    private static CocoResults Results(params (double X, double Y, double Score)[] found)
    {
        var results = new CocoResults();
        foreach (var (x, y, score) in found)
        {
            results.Add(new CocoResult(1, 1, score) { X = x, Y = y, Width = 10, Height = 10 });
        }

        return results;
    }
}
