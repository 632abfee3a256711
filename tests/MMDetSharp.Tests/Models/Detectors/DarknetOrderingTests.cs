using System.Text.Json;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors;

public sealed class DarknetOrderingTests
{
    private const string Recorded = "components/darknet_offsets.json";

    public static TheoryData<string> Models => File.Exists(Path.Combine(RepositoryFolder.Goldens, Recorded))
        ? [.. Read().EnumerateObject().Select(model => model.Name)]
        : [];

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Models))]
    [Trait("Category", "Golden")]
    public void DarknetTensors_ConvertedByTheReference_StandWhereItReadThem(string model)
    {
        var recorded = Read().GetProperty(model);
        using var detector = Build(recorded.GetProperty("config").GetString()!);

        var (offsets, total) = Offsets(detector);

        Assert.Equal(recorded.GetProperty("total_floats").GetInt64(), total);
        Assert.Equal(
            recorded.GetProperty("offsets").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => (entry.Value[0].GetInt64(), entry.Value[1].GetInt64())),
            offsets);
    }

    [Fact]
    public void DarknetTensors_MMDetectionsYoloV3_AreTheReferencesNetwork()
    {
        using var mmdetection = Build("yolov3_d53_mstrain-608_273e_coco");
        using var darknet = Build("rr_yolov3_d53_416_coco");

        Assert.Equal(
            ((IDarknetOrdered)darknet).DarknetTensors.Select(tensor => string.Join(", ", tensor.Shape)),
            ((IDarknetOrdered)mmdetection).DarknetTensors.Select(tensor => string.Join(", ", tensor.Shape)));
    }

    [Fact]
    public void DarknetTensors_EveryTensor_StandsOnce()
    {
        using var detector = Build("rr_tiny_yolov4_416_coco");

        Assert.Equal(
            detector.StateDict().Select(entry => entry.Name)
                .Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Order(),
            Offsets(detector).Offsets.Keys.Order());
    }

    [Fact]
    public void DarknetOrder_RetinaNet_IsEmpty()
    {
        using var detector = DetectorBuilder.Build(
            Config.Load(RepositoryFolder.Under("configs/retinanet/retinanet_r50_fpn_coco.py")));

        Assert.Empty(((IDarknetOrdered)detector).DarknetOrder);
    }

    private static (Dictionary<string, (long Offset, long Count)> Offsets, long Total) Offsets(Detector detector)
    {
        var names = detector.StateDict().ToDictionary(entry => entry.Tensor, entry => entry.Name);
        var offsets = new Dictionary<string, (long, long)>();
        var next = 0L;
        foreach (Tensor tensor in ((IDarknetOrdered)detector).DarknetTensors)
        {
            offsets.Add(names[tensor], (next, tensor.ElementCount));
            next += tensor.ElementCount;
        }

        return (offsets, next);
    }

    private static Detector Build(string config) =>
        DetectorBuilder.Build(Config.Load(RepositoryFolder.Under($"configs/yolo/{config}.py")));

    private static JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFolder.Goldens, Recorded)));
        return document.RootElement.Clone();
    }
}
