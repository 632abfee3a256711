using System.Xml.Linq;

using MMDetSharp.Engine.Analysis;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Analysis;

public sealed class TrainingCurvesTests
{
    private const string Log = """
        {"env_info": "x", "seed": 0}
        {"mode": "train", "epoch": 1, "iter": 5, "lr": 0.01, "loss_cls": 1.5, "loss_bbox": 0.5, "loss": 2.0}
        {"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss_cls": 1.0, "loss_bbox": 0.5, "loss": 1.5}
        {"mode": "val", "epoch": 1, "iter": 10, "bbox_mAP": 0.2, "bbox_mAP_50": 0.4}
        {"mode": "train", "epoch": 2, "iter": 5, "lr": 0.001, "loss_cls": 0.7, "loss_bbox": 0.3, "loss": 1.0}
        {"mode": "tra
        """;

    [Fact]
    public void Panels_OfALog_HaveLossesRateAndResultsByEpoch()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, "run.log.json");
        File.WriteAllText(log, Log);

        var panels = TrainingCurves.Panels(log);

        Assert.Equal(["Losses", "Learning rate", "Evaluation"], panels.Select(panel => panel.Title));
        Assert.Equal(["loss_cls", "loss_bbox", "loss"], panels[0].Series.Select(series => series.Name));
        Assert.Equal([0.5, 1, 1.5], panels[0].Series[2].X);     // 5 of 10 iterations are half an epoch
        Assert.Equal([2.0, 1.5, 1.0], panels[0].Series[2].Y);
        Assert.Equal([0.4], panels[2].Series.Single(series => series.Name == "bbox_mAP_50").Y);
    }

    [Fact]
    public void Write_Svg_IsXmlWithOneLinePerSeriesAndItsAverage()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, "run.log.json");
        File.WriteAllText(log, Log);

        TrainingCurves.Write(log, Path.Combine(folder.Path, "curves.svg"));

        var svg = XDocument.Load(Path.Combine(folder.Path, "curves.svg"));
        var lines = svg.Descendants().Count(element => element.Name.LocalName == "path");
        Assert.Equal(9, lines);     // 3 losses and their averages, 1 rate, 2 results
        Assert.Contains(svg.Descendants(), element => element.Value == "loss_cls");
    }

    [Fact]
    public void Panels_NoTrainingLine_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, "empty.log.json");
        File.WriteAllText(log, "{\"seed\": 0}\n");

        var error = Assert.Throws<InvalidDataException>(() => TrainingCurves.Panels(log));

        Assert.StartsWith($"{log}: there must be at least one line of mode train", error.Message);
    }
}
