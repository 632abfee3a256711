using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.YoloV5;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.YoloV5;

/// <summary>
/// The numbers were recorded from ultralytics/yolov5, tags v6.0 and v7.0 (which agree to the digits written here), run
/// on the maps and objects of <see cref="YoloV5Case"/> with torch 1.13 on a processor. Tolerance 2e-5 relative: the
/// gradient's sums cancel thousands of float32 values.
/// </summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class YoloV5CriterionTests
{
    private static readonly Recorded[] s_recorded =
    [
        new(
            new(), 3, [0.2674152, 0.08978794, 0.08492623], [0.006381565, 0.004354727, 0.01244116],
            [0.0314116, 0.008912044, 0.003177057]),
        new(
            new() { LabelSmoothing = 0.1, ClassPositiveWeight = 0.5, ObjectnessPositiveWeight = 0.67 }, 3,
            [0.2674152, 0.08931354, 0.06909814], [0.006257009, 0.00416349, 0.01216539],
            [0.03398646, 0.01166056, 0.006296817]),
        new(
            new() { FocalGamma = 1.5 }, 3, [0.2674152, 0.03593213, 0.02396425], [0.005978554, 0.003885376, 0.01198387],
            [0.01796902, 0.005855102, 0.002508563]),
        new(
            new(), 1, [0.271844, 0.09060175, 0], [0.004649457, 0.005108988, 0.005921675],
            [0.02952647, -0.004032639, 0.003896644]),
        new(
            new() { AnchorThreshold = 2, BoxGain = 0.02, ObjectnessGain = 0.5, ClassGain = 0.2 }, 3,
            [0.1196155, 0.04485413, 0.04085079], [0.00300902, 0.002354347, 0.00897765],
            [0.01916383, 0.005712095, 0.002398222]),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Compute_RecordedCase_SameLossesAndGradients(int number)
    {
        using var scope = TensorScope.Begin();
        var recorded = s_recorded[number];
        var maps = YoloV5Case.Maps(recorded.Classes);

        var terms = Criterion(recorded.Options).Compute(new(("pred_map", maps)), YoloV5Case.Batch());
        terms.Total().Backward();

        AssertClose(recorded.Losses, [.. new[] { "loss_bbox", "loss_obj", "loss_cls" }.Select(name => Sum(terms[name]))]);
        AssertClose(recorded.GradientNorms, [.. maps.Select(map => map.Grad!.Norm().Item())]);
        AssertClose(recorded.GradientSums, [.. maps.Select(map => map.Grad!.Sum().Item())]);
    }

    [Fact]
    public void Compute_NoObjects_OnlyObjectnessLearns()
    {
        // Recorded from the same tags: 0.08988016 and gradient norms 0.002247163, 0.001134546, 0.0009711647.
        using var scope = TensorScope.Begin();
        var maps = YoloV5Case.Maps(3);

        var terms = Criterion(new()).Compute(new(("pred_map", maps)), YoloV5Case.Batch(isEmpty: true));
        terms.Total().Backward();

        AssertClose([0, 0.08988016, 0], [Sum(terms["loss_bbox"]), Sum(terms["loss_obj"]), Sum(terms["loss_cls"])]);
        AssertClose([0.002247163, 0.001134546, 0.0009711647], [.. maps.Select(map => map.Grad!.Norm().Item())]);
    }

    [Fact]
    public void Compute_OneObjectOneCell_HandComputed()
    {
        // One cell of 8 pixels with one anchor of 8 x 8 and all logits 0: x = y = 2 * 0.5 - 0.5 = 0.5, w = h = 1: the
        // prediction is the whole cell. The object fills it: overlap 1, box loss 0. Objectness: target 1, p = 0.5:
        // ln 2 = 0.693; balance 4, gain 1. Classes: ln 2 for each of two; gain 0.5. All times 1 image.
        using var scope = TensorScope.Begin();
        YoloLevel[] levels = [new() { Anchors = [(8, 8)], Stride = 8 }];
        var criterion = new YoloV5Criterion(levels, new() { ImageSize = null });
        var batch = new Batch(
            Tensor.Zeros([1, 3, 8, 8]), [YoloV5Case.Info()], [YoloV5Case.Truth([0, 0, 8, 8], [1])]);

        var terms = criterion.Compute(new(("pred_map", [Tensor.Zeros([1, 7, 1, 1])])), batch);

        AssertClose([0, 4 * 0.6931472, 0.5 * 0.6931472],
            [Sum(terms["loss_bbox"]), Sum(terms["loss_obj"]), Sum(terms["loss_cls"])]);
    }

    [Fact]
    public void Compute_Repeated_LeavesNoTensors()
    {
        using var scope = TensorScope.Begin();
        var criterion = Criterion(new());
        var (maps, batch) = (YoloV5Case.Maps(3), YoloV5Case.Batch());
        var before = Tensor.LiveCount;

        using (var step = TensorScope.Begin())
        {
            criterion.Compute(new(("pred_map", maps)), batch);
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Compute_OtherChannels_Explains()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => Criterion(new()).Compute(
                new(("pred_map", [.. YoloV5Case.Maps(3).Select(map => map.Slice(1, 1))])), YoloV5Case.Batch()));

        Assert.Contains("3 * (5 + K) channels, got 23", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CIoU_AlphaIsAConstant_GradientHandComputed()
    {
        // Concentric boxes 2 x 2 (prediction) and 4 x 2: IoU 0.5, v = 4 / pi^2 (atan 2 - atan 1)^2 = 0.0419583,
        // alpha = v / (1 - IoU + v) = 0.0774195; CIoU = 0.5 - alpha v = 0.4967516.
        // By the right side x2: IoU' = 2 / 8 = 0.25; distance 0 with derivative 0;
        // v' = 8 / pi^2 (atan 2 - atan 1) * -(h / (w^2 + h^2)) = 8 / pi^2 * 0.3217506 * -0.25 = -0.0652004;
        // CIoU' = 0.25 - alpha v' = 0.2550478.
        using var scope = TensorScope.Begin();
        var prediction = Tensor.From([-1f, -1, 1, 1], 1, 4);
        prediction.RequiresGrad = true;

        var value = YoloV5Loss.CIoU(prediction, Tensor.From([-2f, -1, 2, 1], 1, 4));
        value.Sum().Backward();

        Assert.Equal(0.4967516, value.Item(), 6);
        Assert.Equal(0.2550478, prediction.Grad!.ToArray()[2], 6);
    }

    private static YoloV5Criterion Criterion(YoloV5LossOptions options) =>
        new(YoloV5Case.Levels, options with { ImageSize = 64 });

    private static double Sum(Tensor[] values) => values.Sum(value => value.Item());

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-7 + (2e-5 * Math.Abs(expected[i])));
        }
    }

    private sealed record Recorded(
        YoloV5LossOptions Options, int Classes, double[] Losses, double[] GradientNorms, double[] GradientSums);
}
