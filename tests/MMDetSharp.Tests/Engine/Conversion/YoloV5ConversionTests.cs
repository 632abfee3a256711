using System.Text;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Conversion;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Tests.Engine.ForeignModels;
using MMDetSharp.Tests.Support;
using MMDetSharp.Tests.Torch.Checkpoints;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Engine.Conversion;

/// <summary>From a .pt file to a checkpoint and a config; and what files that are none say.</summary>
public sealed class YoloV5ConversionTests
{
    private const string Legacy = "weights/synthetic-yolov5/yolov5-w0125-v3.0-legacy.pt";

    [SharedFact(YoloV5Files.Nano)]
    public void Convert_ThenLoad_GivesTheSameObjects()
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (YoloV5Files.Under(YoloV5Files.Nano), folder.Under("nano.pth"));
        var image = YoloV5Files.Under("data/photos/zidane.jpg");

        var report = YoloV5Conversion.Convert(source, target);

        // The config says how val.py works: the file itself is asked for the same.
        string[] few = ["test_cfg.score_thr=0.25"];
        using var converted = DetectorInferencer.Load(Config.Load(folder.Under("nano.py"), few), target);
        using var original = DetectorInferencer.Load(
            YoloV5Files.ConfigOf(source, new() { ForEvaluation = true }, few), source);
        Assert.Equal(1_872_157, report.ParameterCount);
        Assert.Equal(original.Predict(image).Objects, converted.Predict(image).Objects);
        Assert.NotEmpty(converted.Predict(image).Objects);
        using var checkpoint = Checkpoint.Read(target);
        Assert.Equal("person", checkpoint.Meta["CLASSES"].AsList()[0].AsString());
        Assert.Contains("YOLOv5", checkpoint.Meta["config"].AsString(), StringComparison.Ordinal);
    }

    [SharedFact(Legacy)]
    public void Convert_FileWithoutNames_NamesClassesByTheirNumber()
    {
        using var folder = new TemporaryFolder();

        var report = YoloV5Conversion.Convert(YoloV5Files.Under(Legacy), folder.Under("old.pth"));

        Assert.Equal((80, "person"), (report.Classes.Count, report.Classes[0]));
        Assert.Contains("LeakyReLU", File.ReadAllText(folder.Under("old.py")), StringComparison.Ordinal);
    }

    [SharedFact(YoloV5Files.Nano)]
    public void Convert_TargetOfTheConfigsName_SaysSo()
    {
        var failure = Assert.Throws<CheckpointException>(
            () => YoloV5Conversion.Convert(YoloV5Files.Under(YoloV5Files.Nano), "nano.py"));

        Assert.Contains("nano.pth", failure.Message, StringComparison.Ordinal);
    }

    [SharedFact(YoloV5Files.Nano)]
    public void Open_TruncatedFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("cut.pt");
        foreach (var part in (double[])[0.001, 0.3, 0.999])
        {
            var bytes = File.ReadAllBytes(YoloV5Files.Under(YoloV5Files.Nano));
            File.WriteAllBytes(path, bytes[..(int)(bytes.Length * part)]);

            var failure = Assert.Throws<CheckpointException>(() => Describe(path));

            Assert.Contains("cut.pt", failure.Message, StringComparison.Ordinal);
            Assert.Contains("truncated", failure.Message, StringComparison.Ordinal);
        }
    }

    // A call, one whose result is thrown away at once, and one by a name from the stack.
    [Theory]
    [InlineData("cos\nsystem\n(S'touch owned'\ntR.", "os.system")]
    [InlineData("c__builtin__\neval\n(S'1'\ntR0}.", "__builtin__.eval")]
    [InlineData("}S'model'\ncsubprocess\nPopen\n(S'ls'\ntRs.", "subprocess.Popen")]
    [InlineData("X\u0005\0\0\0posixX\u0006\0\0\0system\u0093.", "posix.system")]
    public void Open_NameThatCouldDoHarm_IsRefusedAndNothingRuns(string pickle, string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("evil.pt");
        File.WriteAllBytes(path, LegacyFile.MakeObject(Encoding.Latin1.GetBytes(pickle)));

        var failure = Assert.Throws<CheckpointException>(() => Describe(path));

        Assert.Contains($"names {name}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of it was run", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("}S'state_dict'\n}s.", "must hold a model of YOLOv5")]
    [InlineData("cmodels.yolo\nModel\n)R}S'nc'\nI3\nsb.", "no yaml dictionary")]
    [InlineData("cmodels.yolo\nModel\n)R}S'yaml'\n}S'nc'\nI3\nssb.", "does not end in a module Detect")]
    public void Open_OtherObject_SaysWhatIsMissing(string pickle, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("other.pt");
        File.WriteAllBytes(path, LegacyFile.MakeObject(Encoding.Latin1.GetBytes(pickle)));

        var failure = Assert.Throws<CheckpointException>(() => Describe(path));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [PythonTorchFact]
    public void Describe_ModelOfTodaysPython_ReadsNamesAnchorsAndAverages()
    {
        // Names as a dictionary, anchors that autoanchor changed behind the yaml's back, and an average of the weights.
        using var folder = new TemporaryFolder();
        var path = folder.Under("own.pt");
        PythonTorch.Run("""
            import sys, torch, types
            import torch.nn as nn
            yolo, common = types.ModuleType('models.yolo'), types.ModuleType('models.common')
            sys.modules.update({'models': types.ModuleType('models'), 'models.yolo': yolo, 'models.common': common})
            class Conv(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.conv, self.bn, self.act = nn.Conv2d(3, 8, 3, 8, 1, bias=False), nn.BatchNorm2d(8), nn.SiLU()
            class Detect(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.stride = torch.tensor([8.])
                    self.register_buffer('anchors', torch.tensor([[[2., 3.], [1.5, 4.]]]))
                    self.m = nn.ModuleList([nn.Conv2d(8, 14, 1)])
            class DetectionModel(nn.Module):
                def __init__(self, value):
                    super().__init__()
                    self.yaml = dict(nc=2, depth_multiple=1.0, width_multiple=1.0, anchors=[[1, 1, 2, 2]],
                        backbone=[[-1, 1, 'Conv', [8, 3, 8]]], head=[[[0], 1, 'Detect', ['nc', 'anchors']]])
                    self.names, self.hyp = {0: "it's", 1: 'b'}, {'lr0': 0.01}
                    self.model = nn.Sequential(Conv(), Detect())
                    nn.init.constant_(self.model[0].conv.weight, value)
            for c, m in ((Conv, common), (Detect, yolo), (DetectionModel, yolo)):
                c.__module__ = m.__name__; c.__qualname__ = c.__name__; setattr(m, c.__name__, c)
            torch.save({'model': DetectionModel(1).half(), 'ema': DetectionModel(2).half()}, sys.argv[1])
            """, path);

        var text = Describe(path);
        using var model = YoloV5Files.Load(path);

        Assert.Contains("anchors=[[16, 24, 12, 32]],", text, StringComparison.Ordinal);
        Assert.Equal(["it's", "b"], model.ClassNames);
        Assert.All(model.StateDict()[0].Tensor.ToArray(), value => Assert.Equal(2, value));
    }

    private static string Describe(string path) => YoloV5Model.Describe(path, new ForeignModelOptions());
}
