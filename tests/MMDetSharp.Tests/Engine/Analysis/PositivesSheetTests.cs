using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Analysis;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class PositivesSheetTests
{
    [Fact]
    public void Write_AnchorHead_OnePanelForTheObjectsAndOneALevel()
    {
        using var blocks = new BlocksFolder();
        var before = Tensor.LiveCount;

        var counts = PositivesSheet.Write(
            Config.Load(blocks.Config), new() { File = blocks.Under("out/positives.png"), Index = 1 });

        Assert.Contains(counts, count => count > 0);
        using var sheet = ImageFile.Read(blocks.Under("out/positives.png"));
        using var alone = ImageFile.Read(TrainingSamples.Write(
            Config.Load(blocks.Config), new() { Folder = blocks.Under("samples"), Count = 1 })[0]);
        var (columns, rows) = (Math.Min(3, counts.Count + 1), (counts.Count / 3) + 1);
        Assert.Equal((columns * alone.Width, rows * alone.Height), (sheet.Width, sheet.Height));
        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Write_IndexBeyondTheImages_SaysHowManyThereAre()
    {
        using var blocks = new BlocksFolder();

        var error = Assert.Throws<ArgumentException>(() => PositivesSheet.Write(
            Config.Load(blocks.Config), new() { File = blocks.Under("positives.png"), Index = 5000 }));

        Assert.Contains("the index must be below the number of images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocatePositives_Yolo_IsRefused()
    {
        using var scope = TensorScope.Begin();
        using var detector = DetectorBuilder.Build(ThinRecipes.Load("yolo/rr_tiny_yolov3_416_coco"));
        var shape = new ImageShape(64, 64, 3);
        var batch = new Batch(
            Tensor.Zeros([1, 3, 64, 64]),
            [new() { FileName = "drawn.png", OriginalShape = shape, ImageShape = shape, PadShape = shape }],
            [new GroundTruth(Tensor.From([8f, 8, 40, 40], 1, 4), Tensor.From([1L], 1), Tensor.Zeros([0, 4]))]);

        var error = Assert.Throws<NotSupportedException>(() => detector.LocatePositives(batch));

        Assert.Contains("must stand on places of maps", error.Message, StringComparison.Ordinal);
    }
}
