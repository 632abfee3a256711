using System.Text.Json;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Evaluation;

public class VocEvaluatorTests
{
    private const string Recorded = "components/voc_map.safetensors";

    [GoldenFact(Recorded)]
    [Trait("Category", "Golden")]
    public void Evaluate_RecordedCases_GiveRecordedNumbers()
    {
        var file = GoldenFile.Open(Recorded);
        foreach (var recorded in file.Cases.Where(recorded => recorded.Op == "eval_map"))
        {
            var classes = (int)file.Shape(recorded.Out("ap"))[0];
            var options = Options(recorded.Options);

            var evaluation = VocEvaluator.Evaluate(Items(recorded), Found(recorded), classes, options);

            // Sums in single precision in another order.
            file.AssertClose(
                recorded.Out("mAP"), [.. evaluation.MeanAveragePrecision], file.Shape(recorded.Out("mAP")), 1e-6);
            file.AssertClose(
                recorded.Out("ap"),
                [.. evaluation.Classes.SelectMany(result => result.AveragePrecision)],
                file.Shape(recorded.Out("ap")),
                1e-6);
            if (file.Has(recorded.Out("num_gts")))
            {
                Assert.Equal(file.Int32s(recorded.Out("num_gts")), evaluation.Classes.Select(r => r.Objects[0]));
                Assert.Equal(file.Int32s(recorded.Out("num_dets")), evaluation.Classes.Select(r => r.Detections));
                file.AssertClose(
                    recorded.Out("recall_last"), [.. evaluation.Classes.Select(r => r.Recall[0])], [classes], 1e-6);
            }
        }
    }

    [GoldenFact(Recorded)]
    [Trait("Category", "Golden")]
    public void AveragePrecision_RecordedCurve_GivesRecordedNumbers()
    {
        var file = GoldenFile.Open(Recorded);
        var recall = file.Doubles("ap/in/recall");
        var precision = file.Doubles("ap/in/precision");

        Assert.Equal(
            file.Scalar("ap/out/area"), VocEvaluator.AveragePrecision(recall, precision, VocProtocol.Area), 1e-6);
        Assert.Equal(
            file.Scalar("ap/out/p11"),
            VocEvaluator.AveragePrecision(recall, precision, VocProtocol.ElevenPoints),
            1e-6);
    }

    [Fact]
    public void Evaluate_SecondDetectionOfAnObject_IsWrong()
    {
        // Two objects; by score: A found, A again (wrong), B found. Precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1.
        // Area: 1/2 * 1 + 1/2 * 2/3 = 5/6. Eleven points: recalls 0 to 0.5 (6) read 1, 0.6 to 1 (5) read 2/3.
        var item = Item([0, 0, 10, 10, 50, 50, 60, 60], [0, 0], [], []);
        var found = new ImageDetections([0, 0, 10, 10, 1, 0, 11, 10, 50, 50, 60, 60], [0.9f, 0.8f, 0.7f], [0, 0, 0]);

        Assert.Equal(5 / 6.0, Map(item, found, VocProtocol.Area), 1e-6);
        Assert.Equal((6 + (5 * 2 / 3.0)) / 11, Map(item, found, VocProtocol.ElevenPoints), 1e-6);
    }

    [Fact]
    public void Evaluate_DifficultObject_IsNeitherFoundNorMissed()
    {
        var item = Item([0, 0, 10, 10], [0], [50, 50, 60, 60], [0]);
        var found = new ImageDetections([50, 50, 60, 60, 0, 0, 10, 10], [0.9f, 0.8f], [0, 0]);

        Assert.Equal(1, Map(item, found, VocProtocol.Area), 1e-6);
    }

    [Fact]
    public void Evaluate_NoObjectOrNoDetection_GivesZero()
    {
        var found = new ImageDetections([0, 0, 10, 10], [0.9f], [0]);

        Assert.Equal(0, Map(Item([], [], [], []), found, VocProtocol.Area));
        Assert.Equal(0, Map(Item([0, 0, 10, 10], [0], [], []), ImageDetections.None, VocProtocol.ElevenPoints));
    }

    [Fact]
    public void Evaluate_LabelBeyondTheClasses_IsAnError()
    {
        var found = new ImageDetections([0, 0, 10, 10], [0.9f], [3]);

        var message = Assert.Throws<ArgumentException>(
            () => VocEvaluator.Evaluate([Item([], [], [], [])], [found], 2)).Message;

        Assert.Contains("labels must be in 0 to 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_OneClass_IsATable()
    {
        var item = Item([0, 0, 10, 10], [0], [], []);
        var found = new ImageDetections([0, 0, 10, 10], [0.9f], [0]);

        var text = VocEvaluator.Evaluate([item], [found], 1).Summary(["cat"]);

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "+-------+-----+------+--------+-------+",
                "| class | gts | dets | recall | ap    |",
                "+-------+-----+------+--------+-------+",
                "| cat   | 1   | 1    | 1.000  | 1.000 |",
                "+-------+-----+------+--------+-------+",
                "| mAP   |     |      |        | 1.000 |",
                "+-------+-----+------+--------+-------+"),
            text);
    }

    internal static DatasetItem Item(float[] boxes, long[] labels, float[] ignored, long[] ignoredLabels) => new()
    {
        Id = "a",
        FileName = "a.jpg",
        ImagePath = "a.jpg",
        Width = 100,
        Height = 100,
        Boxes = boxes,
        Labels = labels,
        IgnoredBoxes = ignored,
        IgnoredLabels = ignoredLabels,
    };

    private static double Map(DatasetItem item, ImageDetections found, VocProtocol protocol) => VocEvaluator.Evaluate(
        [item], [found], 1, new VocEvaluationOptions { Protocol = protocol }).MeanAveragePrecision[0];

    private static VocEvaluationOptions Options(JsonElement recorded) => new()
    {
        IoUThreshold = recorded.GetProperty("iou_thr").GetDouble(),
        Protocol = recorded.TryGetProperty("dataset", out var name) ? name.GetString() switch
        {
            "voc07" => VocProtocol.ElevenPoints,
            "det" or "vid" => VocProtocol.ImageNet,
            _ => VocProtocol.Area,
        }
        : VocProtocol.Area,
        ScaleRanges = recorded.TryGetProperty("scale_ranges", out var ranges)
            ? [.. ranges.EnumerateArray().Select(range => new ScaleRange(range[0].GetDouble(), range[1].GetDouble()))]
            : [],
    };

    private static int Images(GoldenCase recorded) => 1 + (int)((string[])["gts", "ignore", "dets"])
        .SelectMany(name => Rows(recorded, name)).Max(row => row[0]);

    private static List<DatasetItem> Items(GoldenCase recorded)
    {
        var objects = Rows(recorded, "gts");
        var ignored = Rows(recorded, "ignore");
        return [.. Enumerable.Range(0, Images(recorded)).Select(i => Item(
            Boxes(objects, i), Labels(objects, i), Boxes(ignored, i), Labels(ignored, i)))];
    }

    private static List<ImageDetections> Found(GoldenCase recorded)
    {
        var rows = Rows(recorded, "dets");
        return [.. Enumerable.Range(0, Images(recorded)).Select(i => new ImageDetections(
            Boxes(rows, i), [.. rows.Where(row => row[0] == i).Select(row => row[6])], Labels(rows, i)))];
    }

    private static float[] Boxes(List<float[]> rows, int image) =>
        [.. rows.Where(row => row[0] == image).SelectMany(row => row[2..6])];

    private static long[] Labels(List<float[]> rows, int image) =>
        [.. rows.Where(row => row[0] == image).Select(row => (long)row[1])];

    private static List<float[]> Rows(GoldenCase recorded, string name) =>
        [.. recorded.File.Floats(recorded.In(name)).Chunk((int)recorded.File.Shape(recorded.In(name))[1])];
}
