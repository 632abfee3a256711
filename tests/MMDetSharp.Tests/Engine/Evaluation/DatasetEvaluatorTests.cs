using System.Text.Json;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Tests.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Evaluation;

public class DatasetEvaluatorTests
{
    [GoldenFact("components/datasets.json")]
    [Trait("Category", "Golden")]
    public void Evaluate_RecordedResults_GivesRecordedDictionary()
    {
        var folder = Path.Combine(RepositoryFolder.Goldens, "components");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "datasets.json")));
        var expected = document.RootElement.GetProperty("coco_evaluate");
        var annotations = CocoAnnotations.Load(Path.Combine(folder, "coco_gt.json"));
        var dataset = new CocoDataset(
            new CocoDatasetOptions
            {
                AnnotationFile = "",
                Classes = [.. annotations.Categories.Select(category => category.Name)],
                TestMode = true,
            },
            annotations);

        var report = DatasetEvaluator.Evaluate(dataset, CocoResults.Load(Path.Combine(folder, "coco_dets.json")));

        Assert.Equal(expected.EnumerateObject().Select(entry => entry.Name), report.Metrics.Keys);
        foreach (var entry in expected.EnumerateObject())
        {
            Assert.Equal(
                entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : entry.Value.GetDouble(),
                report.Metrics[entry.Name]);
        }
    }

    [Fact]
    public void Evaluate_AllMetrics_GivesTheReferencesKeys()
    {
        var options = new EvaluationOptions { Metrics = ["bbox", "proposal"], ClassWise = true };

        var report = DatasetEvaluator.Evaluate(Two(), Found(), options);

        Assert.Equal(
            [
                "bbox_mAP", "bbox_mAP_50", "bbox_mAP_75", "bbox_mAP_s", "bbox_mAP_m", "bbox_mAP_l",
                "bbox_mAP_copypaste", "AR@100", "AR@300", "AR@1000", "AR_s@1000", "AR_m@1000", "AR_l@1000",
            ],
            report.Metrics.Keys);
        Assert.Equal(1.0, report.Metrics["AR@100"]);
        Assert.Contains("| category | AP    | category | AP    |", report.Text, StringComparison.Ordinal);
        Assert.Contains("| cat      | 1.000 | dog      | 1.000 |", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_FastProposals_GivesMeanRecall()
    {
        var report = DatasetEvaluator.Evaluate(
            Two(), Found(), new EvaluationOptions { Metrics = ["proposal_fast"], ProposalNumbers = [1, 100] });

        Assert.Equal(1.0, (double)report.Metrics["AR@1"], 1e-12);
        Assert.Equal(["AR@1", "AR@100"], report.Metrics.Keys);
    }

    [Fact]
    public void Evaluate_MetricItems_ChoosesThem()
    {
        var report = DatasetEvaluator.Evaluate(
            Two(), Found(), new EvaluationOptions { MetricItems = ["mAP_50", "AR@300"] });

        Assert.Equal(["bbox_mAP_50", "bbox_AR@300", "bbox_mAP_copypaste"], report.Metrics.Keys);
        Assert.Throws<ArgumentException>(
            () => DatasetEvaluator.Evaluate(Two(), Found(), new EvaluationOptions { MetricItems = ["mAP_60"] }));
    }

    [Fact]
    public void Evaluate_NothingFound_SaysSoAndGivesZero()
    {
        var report = DatasetEvaluator.Evaluate(Two(), [ImageDetections.None, ImageDetections.None]);

        Assert.Equal(0.0, report.Metrics["bbox_mAP"]);
        Assert.Contains("is empty", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_Concatenation_EvaluatesEachPart()
    {
        var report = DatasetEvaluator.Evaluate(new ConcatDataset([Two(), Two()]), [.. Found(), .. Found()]);

        Assert.Equal(1.0, report.Metrics["0_bbox_mAP"]);
        Assert.Equal(1.0, report.Metrics["1_bbox_mAP"]);
        Assert.Throws<DatasetException>(
            () => DatasetEvaluator.Evaluate(new ConcatDataset([Two()], separateEvaluation: false), Found()));
        Assert.Throws<DatasetException>(() => DatasetEvaluator.Evaluate(new RepeatDataset(Two(), 1), Found()));
    }

    [Fact]
    public void Evaluate_XmlDataset_GivesMeanAveragePrecision()
    {
        using var folder = new TemporaryFolder();
        XmlDatasetTests.Annotate(
            folder,
            "a",
            $"<size><width>90</width><height>50</height></size>{XmlDatasetTests.Box("cat", 1, 1, 11, 11)}");
        var dataset = new XmlDataset(new XmlDatasetOptions
        {
            AnnotationFile = folder.Write("list.txt", "a"),
            ImageFolder = folder.Path,
            Classes = ["cat"],
        });
        ImageDetections[] found = [new([0, 0, 10, 10], [0.5f], [0])];

        Assert.Equal(1.0, DatasetEvaluator.Evaluate(dataset, found).Metrics["mAP"]);
        var twice = DatasetEvaluator.Evaluate(dataset, found, new EvaluationOptions { IoUThresholds = [0.5, 0.75] });
        Assert.Equal(["AP50", "AP75", "mAP"], twice.Metrics.Keys);
        var recall = DatasetEvaluator.Evaluate(dataset, found, new EvaluationOptions { Metrics = ["recall"] });
        Assert.Equal(1.0, recall.Metrics["recall@100@0.5"]);
        Assert.Equal(
            1.0,
            DatasetEvaluator.Evaluate(new ConcatDataset([dataset], separateEvaluation: false), found).Metrics["mAP"]);
    }

    [Fact]
    public void Evaluate_ResultFilePrefix_WritesTheResults()
    {
        using var folder = new TemporaryFolder();
        var prefix = Path.Combine(folder.Path, "out");

        DatasetEvaluator.Evaluate(Two(), Found(), new EvaluationOptions { ResultFilePrefix = prefix });

        var rows = CocoResults.Load($"{prefix}.bbox.json").Rows.ToArray();
        Assert.Equal([(4, 8), (9, 3)], rows.Select(row => (row.ImageId, row.CategoryId)));
        Assert.Equal((0.0, 10.0), (rows[0].X, rows[0].Width));
    }

    [Fact]
    public void Evaluate_UnknownMetricOrWrongCount_IsAnError()
    {
        Assert.Contains(
            "bbox, proposal, proposal_fast",
            Assert.Throws<ArgumentException>(() => DatasetEvaluator.Evaluate(
                Two(), Found(), new EvaluationOptions { Metrics = ["segm"] })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DatasetEvaluator.Evaluate(Two(), [ImageDetections.None]));
    }

    [Fact]
    public void Read_ConfigNode_GivesOptions()
    {
        var node = new ConfigReader(
            Config.Parse("metric='bbox'\nclasswise=True\nproposal_nums=(10, 5)\niou_thrs=[0.5]").Root);

        var options = EvaluationOptions.Read(node);

        Assert.Equal(["bbox"], options.Metrics);
        Assert.True(options.ClassWise);
        Assert.Equal([5, 10], options.ProposalNumbers);
        Assert.Equal([0.5], options.IoUThresholds);
    }

    /// <summary>Two images with a cat (category 8) and a dog (category 3).</summary>
    private static CocoDataset Two() => new(
        new CocoDatasetOptions { AnnotationFile = "", Classes = ["cat", "dog"], TestMode = true },
        new CocoAnnotations(
            "a.json",
            [new(4, "a", 64, 64), new(9, "b", 64, 64)],
            [new(8, "cat"), new(3, "dog")],
            [
                new(1, 4, 8) { Width = 10, Height = 10, Area = 100 },
                new(2, 9, 3) { X = 20, Width = 10, Height = 10, Area = 100 },
            ]));

    private static ImageDetections[] Found() =>
        [new([0, 0, 10, 10], [0.5f], [0]), new([20, 0, 30, 10], [0.25f], [1])];
}
