using MMDetSharp.Models.Detectors;
using MMDetSharp.Tests.Engine.ForeignModels;
using MMDetSharp.Tests.Support;
using MMDetSharp.Models.Execution;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.YoloV5;

/// <summary>Outputs equal those that YOLOv5's own code gave for the same file and image.</summary>
[Trait("Category", "Golden")]
public sealed class YoloV5RecordedTests
{
    private const string Synthetic = "weights/synthetic-yolov5/yolov5-w0125-";
    private const string Recorded = "reference/raw/synthetic-yolov5/";

    // Two libraries' float32 convolutions, one after the other: their differences reach 1e-5 of the largest output.
    private const double Tolerance = 1e-4;

    [SharedFact("weights/synthetic-yolov5/yolov5-w0125-v3.0-legacy.pt")]
    public void ForwardDense_Version30_EqualsTheRecordedOutput() =>
        AssertHeads("v3.0-legacy.pt", "v3.0");

    [SharedFact("weights/synthetic-yolov5/yolov5-w0125-v4.0.pt")]
    public void ForwardDense_Version40_EqualsTheRecordedOutput() => AssertHeads("v4.0.pt", "v4.0");

    [SharedFact("weights/synthetic-yolov5/yolov5-w0125-v6.0.pt")]
    public void ForwardDense_Version60_EqualsTheRecordedOutput() => AssertHeads("v6.0.pt", "v6.0");

    [SharedFact(YoloV5Files.Nano)]
    public void ForwardDense_TrainedModel_EqualsTheRecordedOutput()
    {
        using var model = YoloV5Files.Load(YoloV5Files.Under(YoloV5Files.Nano));
        var input = NumpyFile.Read("reference/yolov5n/dog_320_input.npy");

        AssertOutputs(model, input, "reference/yolov5n/dog_320_");
    }

    private static void AssertHeads(string file, string version)
    {
        using var model = YoloV5Files.Load(YoloV5Files.Under(Synthetic + file));

        AssertOutputs(model, NumpyFile.Read(Recorded + "dog_128x160_input.npy"), $"{Recorded}{version}.");
    }

    private static void AssertOutputs(Detector model, NumpyFile input, string recorded)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var images = Tensor.From(input.Values, input.Shape);
        var maps = model.Parts[0].Forward(images).Tensors;
        for (var level = 0; level < maps.Length; level++)
        {
            var expected = NumpyFile.Read($"{recorded}head{level}.npy");
            var largest = expected.Values.Max(Math.Abs);
            GoldenComparer.AssertShape($"head{level}", expected.Shape, maps[level].Shape);
            GoldenComparer.AssertValues(
                $"{recorded}head{level}", Doubles(expected.Values), Doubles(maps[level].ToArray()),
                (Tolerance * largest, 0));
        }

        using var compiled = new CompiledExecutor(model);
        foreach (var (eager, fast) in maps.Zip(compiled.Run(model.Parts[0], images).Tensors))
        {
            GoldenComparer.AssertValues(
                "compiled", eager.ToDoubleArray(), fast.ToDoubleArray(), (Tolerance * eager.Abs().Max().Item(), 0));
        }
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
