using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Published weights of several projects.</summary>
public sealed class CheckpointRealFilesTests
{
    [SharedFact("weights/retinaface/mobilenet0.25_Final.pth")]
    public void Read_LegacyStateDict_HasAllTensors()
    {
        using var checkpoint = Read("retinaface/mobilenet0.25_Final.pth");

        Assert.Equal(CheckpointFormat.TorchLegacy, checkpoint.Format);
        Assert.Equal([8, 3, 3, 3], checkpoint.State["body.stage1.0.0.weight"].Shape);
        AssertFinite(checkpoint);
    }

    [SharedFact("weights/retinaface/mobilenetV1X0.25_pretrain.tar")]
    public void Read_LegacyWithState_StripsTheParallelPrefix()
    {
        using var checkpoint = Read("retinaface/mobilenetV1X0.25_pretrain.tar");

        Assert.Equal(CheckpointFormat.TorchLegacy, checkpoint.Format);
        Assert.All(checkpoint.State.Keys, key => Assert.False(key.StartsWith("module.", StringComparison.Ordinal)));
        AssertFinite(checkpoint);
    }

    [SharedFact("weights/retinaface/RBF_Final.pth")]
    public void Read_LegacyFile_HasFiniteTensors()
    {
        using var checkpoint = Read("retinaface/RBF_Final.pth");

        AssertFinite(checkpoint);
    }

    [SharedFact("weights/fastestdet/shufflenetv2.pth")]
    public void Read_ZipStateDict_HasFiniteTensors()
    {
        using var checkpoint = Read("fastestdet/shufflenetv2.pth");

        Assert.Equal(CheckpointFormat.TorchZip, checkpoint.Format);
        AssertFinite(checkpoint);
    }

    [SharedFact("weights/yolov5n-coco-v6.0/yolov5n.pt")]
    public void Read_PickledModel_IsInertAndHasTensors()
    {
        using var checkpoint = Read("yolov5n-coco-v6.0/yolov5n.pt");

        var model = Assert.IsType<StoredObject>(checkpoint.Root.AsDictionary()["model"]);
        Assert.Equal(("models.yolo", "Model"), (model.Module, model.Name));
        Assert.Equal(80, model.Attribute("nc")!.AsInt64());
        Assert.Equal("model.0.conv.weight", checkpoint.State.Keys.First());
        Assert.Equal([16, 3, 6, 6], checkpoint.State["model.0.conv.weight"].Shape);
        AssertFinite(checkpoint);
    }

    [SharedFact("weights/synthetic-yolov5")]
    public void Read_PickledModelsOfAllVersions_AgreeOnTheKeys()
    {
        var folder = Path.Combine(RepositoryFolder.Shared, "weights/synthetic-yolov5");
        foreach (var path in Directory.EnumerateFiles(folder, "*.pt"))
        {
            using var checkpoint = Checkpoint.Read(path);

            Assert.Equal("model.24.m.2.bias", checkpoint.State.Keys.Last());
            AssertFinite(checkpoint);
        }
    }

    private static Checkpoint Read(string name) =>
        Checkpoint.Read(Path.Combine(RepositoryFolder.Shared, "weights", name));

    private static void AssertFinite(Checkpoint checkpoint)
    {
        Assert.NotEmpty(checkpoint.State);
        Assert.All(checkpoint.State.Values.SelectMany(StoredNumbers.Of), value => Assert.True(double.IsFinite(value)));
    }
}
