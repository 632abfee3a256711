using System.Text.Json.Nodes;

using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Cli;

/// <summary>What users break: each fault ends with one message that names the place and the way out.</summary>
[Collection(UsesConsole.Name)]
public sealed class FaultTests(TrainedCommand trained)
{
    [Theory]
    [InlineData("num_classes=2", "num_clases=2",
        "thin_retinanet.py:10: model.bbox_head.num_classes", "num_clases a slip? Rename")]
    [InlineData("stacked_convs=1", "staked_convs=1",
        "thin_retinanet.py:11: model.bbox_head.staked_convs", "Did you mean stacked_convs?")]
    [InlineData("type='RetinaHead'", "type='RetinaHaed'",
        "thin_retinanet.py:11: ", "'RetinaHaed'", "Did you mean RetinaHead?")]
    [InlineData("type='RandomFlip', flip_ratio=0.5", "type='RandomFilp'", "RandomFilp", "Did you mean RandomFlip?")]
    [InlineData("in_channels=[8, 16, 32, 64], out_channels=16,", "out_channels=16,", "model.neck", "in_channels")]
    [InlineData("dict(type='Adam', lr=0.004)", "dict(type='Adma', lr=0.004)",
        "optimizer.type must name an optimizer", "Did you mean Adam?")]
    [InlineData("policy='step', step=[50]", "policy='stpe', step=[50]",
        "lr_config.policy", "'stpe'", "Did you mean Step?")]
    [InlineData("total_epochs = 2", "total_epochs = 0", "total_epochs")]
    [InlineData("total_epochs = 2", "", "total_epochs")]
    [InlineData("samples_per_gpu=4", "samples_per_gpu='four'", "data.samples_per_gpu", "'four'")]
    public void Train_BrokenConfig_NamesTheKeyAndTheWayOut(string good, string bad, params string[] parts)
    {
        using var blocks = new BlocksFolder(2);
        var text = File.ReadAllText(blocks.Config);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(blocks.Config, text.Replace(good, bad, StringComparison.Ordinal));

        Train(blocks).Failed(1, parts);
    }

    [Fact]
    public void Train_TruncatedAnnotations_TellsWhereTheyEnd()
    {
        using var blocks = new BlocksFolder(2);
        var path = blocks.Under("blocks.json");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);

        Train(blocks).Failed(1, "blocks.json", "truncated");
    }

    [Theory]
    [InlineData("<html>not found</html>", "blocks.json", "JSON")]
    [InlineData("", "blocks.json", "empty")]
    [InlineData("[]", "blocks.json", "object")]
    [InlineData("{}", "blocks.json", "'images'")]
    public void Train_AnnotationsOfAnotherKind_SaysWhatWasFound(string text, params string[] parts)
    {
        using var blocks = new BlocksFolder(2);
        File.WriteAllText(blocks.Under("blocks.json"), text);

        Train(blocks).Failed(1, parts);
    }

    [Fact]
    public void Train_UnknownCategory_NamesTheAnnotation()
    {
        using var blocks = new BlocksFolder(2);
        Change(blocks, root => root["annotations"]![1]!["category_id"] = 99);

        Train(blocks).Failed(1, "blocks.json: annotation 2 of image 1", "99");
    }

    [Fact]
    public void Train_BoxThatIsNoNumber_NamesTheAnnotation()
    {
        using var blocks = new BlocksFolder(2);
        var path = blocks.Under("blocks.json");
        var text = File.ReadAllText(path);
        var box = text.IndexOf("\"bbox\":[", StringComparison.Ordinal) + 8;
        File.WriteAllText(path, text[..box] + "NaN" + text[text.IndexOf(',', box)..]);

        Train(blocks).Failed(1, "blocks.json", "NaN");
    }

    [Fact]
    public void Train_BoxWithoutWidth_WarnsAndGoesOn()
    {
        using var blocks = new BlocksFolder(2);
        Change(blocks, root => root["annotations"]![1]!["bbox"]![2] = 0);

        var result = Train(blocks, "total_epochs=1").Succeeded();

        var warning = Assert.Single(
            result.Errors.Split('\n'), line => line.Contains("annotation 2 of image 1", StringComparison.Ordinal));
        Assert.Contains("has no width", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_MissingImage_NamesTheFile()
    {
        using var blocks = new BlocksFolder(2);
        File.Delete(blocks.ImagePath(1));

        Train(blocks).Failed(1, "1.png", "img_prefix");
    }

    [Fact]
    public void Train_TruncatedImage_NamesTheFile()
    {
        using var blocks = new BlocksFolder(2);
        Truncate(blocks.ImagePath(1));

        Train(blocks).Failed(1, "1.png");
    }

    [Fact]
    public void Train_MissingAnnotations_NamesTheFile()
    {
        using var blocks = new BlocksFolder(2);
        File.Delete(blocks.Under("blocks.json"));

        Train(blocks).Failed(1, "blocks.json", "ann_file");
    }

    [Fact]
    public void Demo_TruncatedJpeg_NamesTheFile()
    {
        var image = Painted("broken.jpg");
        Truncate(image);

        Demo(image, trained.Checkpoint).Failed(1, "broken.jpg", "the JPEG ends early", "Copy it again");
    }

    [Fact]
    public void Demo_TextInsteadOfAnImage_NamesTheFile()
    {
        var image = trained.Blocks.Under("text.jpg");
        File.WriteAllText(image, "this is no image");

        Demo(image, trained.Checkpoint).Failed(1, "text.jpg");
    }

    [Fact]
    public void Demo_MissingCheckpoint_NamesTheFile() =>
        Demo(FirstImage, trained.Blocks.Under("none.pth")).Failed(1, "none.pth");

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0.0)]
    public void Demo_TruncatedCheckpoint_SaysSo(double share)
    {
        var path = trained.Blocks.Under("cut.pth");
        File.Copy(Real(trained.Checkpoint), path, overwrite: true);
        Truncate(path, share);

        Demo(FirstImage, path).Failed(1, "cut.pth");
    }

    [Fact]
    public void Demo_CheckpointOfAnotherClassCount_SaysBothCounts() =>
        Demo(FirstImage, trained.Checkpoint, "model.bbox_head.num_classes=5").Failed(
            1, "latest.pth", "num_classes",
            "retina_cls.weight has shape (45, 16, 3, 3) in the model, (18, 16, 3, 3)");

    [Fact]
    public void Demo_CheckpointOfAnotherModel_ListsKeys() =>
        Demo(FirstImage, trained.Checkpoint, "model.backbone.depth=50", "model.neck.in_channels=[32,64,128,256]")
            .Failed(
                1, "latest.pth", "missing in the file", "backbone.layer1.0.conv3.weight", "the config of this checkpoint");

    [Fact]
    public void Train_ResumedFromAPlainModel_SaysWhatToDo()
    {
        var weights = trained.Blocks.Under("plain.safetensors");
        using (var checkpoint = Checkpoint.Read(trained.Checkpoint))
        {
            SafetensorsFile.Write(weights, checkpoint.State);
        }

        MmdetProcess.Run(
            "train", trained.Blocks.Config, "--work-dir", trained.Blocks.Under("other"), "--resume-from", weights)
            .Failed(1, "plain.safetensors", "load_from");
    }

    [Fact]
    public void Train_NonFiniteLoss_NamesIterationFilesAndTerm()
    {
        using var blocks = new BlocksFolder(4);

        string[] options =
            ["optimizer.lr=1e30", "optimizer.type=SGD", "lr_config.warmup=None", "optimizer_config.grad_clip=None"];

        Train(blocks, options).Failed(
            1, "loss_", "iteration 1 of 1 (2 in all)", "0.png", "3.png", "lower the learning rate", "epoch_1.pth");
    }

    [TemporaryDiskFact]
    public void Train_DiskFullAtACheckpoint_KeepsTheOldOne()
    {
        using var blocks = new BlocksFolder(2);
        var size = new FileInfo(Real(trained.Checkpoint)).Length;
        var folder = Directory.CreateDirectory(blocks.Under("work")).FullName;
        using var disk = new TemporaryDisk(folder, $"{size * 3 / 2 / 1024}k");

        Train(blocks, "total_epochs=3").Failed(
            1, "epoch_2.pth", "cannot be written: No space left", "Free some space", "work/epoch_1.pth");

        Assert.Equal("epoch_1.pth", Path.GetFileName(Real(Path.Combine(folder, "latest.pth"))));
        Assert.Empty(Directory.GetFiles(folder, ".*"));
        Demo(blocks.ImagePath(0), Path.Combine(folder, "latest.pth")).Succeeded();
    }

    private string FirstImage => trained.Blocks.ImagePath(0);

    private static string Real(string link) =>
        new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link;

    private static MmdetResult Train(BlocksFolder blocks, params string[] options) => MmdetProcess.Run(
        ["train", blocks.Config, "--work-dir", blocks.Under("work"), "--seed", "1", "--no-validate",
            .. options.Length > 0 ? (string[])["--cfg-options", .. options] : []]);

    private MmdetResult Demo(string image, string checkpoint, params string[] options) => MmdetProcess.Run(
        ["demo", image, trained.Blocks.Config, checkpoint, "--out", trained.Blocks.Under("found.jpg"), "--no-compile",
            .. options.Length > 0 ? (string[])["--cfg-options", .. options] : []]);

    private string Painted(string name)
    {
        using var image = ImageFile.Read(FirstImage);
        ImageFile.Write(image, trained.Blocks.Under(name));
        return trained.Blocks.Under(name);
    }

    private static void Truncate(string path, double share = 0.5)
    {
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);
    }

    private static void Change(BlocksFolder blocks, Action<JsonNode> change)
    {
        var path = blocks.Under("blocks.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        change(root);
        File.WriteAllText(path, root.ToJsonString());
    }
}
