using System.Text.Json;

using MMDetSharp.Tests.Engine.ForeignModels;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

/// <summary>YOLOv5's own files on the command line.</summary>
public sealed class YoloV5CommandTests
{
    [SharedFact(YoloV5Files.Nano)]
    public void Demo_PtFile_FindsWithTheProgramsOwnThresholds()
    {
        using var folder = new TemporaryFolder();
        var json = folder.Under("found.json");

        var result = MmdetProcess.Run(
            "demo", YoloV5Files.Under("data/photos/dog.jpg"), YoloV5Files.Under(YoloV5Files.Nano),
            "--out", folder.Under("dog.jpg"), "--json", json);

        result.Succeeded();
        var found = JsonDocument.Parse(File.ReadAllBytes(json)).RootElement[0].GetProperty("detections");
        Assert.Equal(
            ["bicycle", "car", "cat", "dog"],
            found.EnumerateArray().Select(one => one.GetProperty("class").GetString()!).Order(StringComparer.Ordinal));
    }

    [SharedFact(YoloV5Files.Nano)]
    public void Convert_PtFile_WritesCheckpointAndConfig()
    {
        using var folder = new TemporaryFolder();

        var result = MmdetProcess.Run(
            "convert", "yolov5", YoloV5Files.Under(YoloV5Files.Nano), folder.Under("nano.pth")).Succeeded();

        Assert.Contains("1872157 parameters, 80 classes", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Under("nano.py")));
        Assert.True(File.Exists(folder.Under("nano.pth")));
    }

    [SharedFact("weights/retinaface/RBF_Final.pth")]
    public void Demo_FileOfAnotherModel_SaysWhatItMustBe()
    {
        using var folder = new TemporaryFolder();
        File.Copy(YoloV5Files.Under("weights/retinaface/RBF_Final.pth"), folder.Under("face.pt"));

        MmdetProcess.Run("demo", YoloV5Files.Under("data/photos/dog.jpg"), folder.Under("face.pt"))
            .Failed(1, "face.pt", "must hold a model of YOLOv5", "conv1.0.weight");
    }
}
