using System.Text.Json;
using MMDetSharp.Models.Losses;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

/// <summary>Every loss that is a function of prediction and target, with its gradient, as recorded.</summary>
[Trait("Category", "Golden")]
public sealed class LossGoldenTests
{
    private const string Recorded = "components/losses.safetensors";

    private static readonly Dictionary<string, Func<JsonElement, WeightedReduction, ILoss>> Losses = new()
    {
        ["SmoothL1Loss"] = (cfg, reduction) => new SmoothL1Loss(cfg.Number("beta", 1), reduction),
        ["L1Loss"] = (_, reduction) => new L1Loss(reduction),
        ["MSELoss"] = (_, reduction) => new MseLoss(reduction),
        ["CrossEntropyLoss"] = (cfg, reduction) => new CrossEntropyLoss(
            cfg.Flag("use_sigmoid", false) ? CrossEntropyMode.Sigmoid : CrossEntropyMode.Softmax,
            cfg.Floats("class_weight"), reduction),
        ["FocalLoss"] = (cfg, reduction) => new FocalLoss(
            new() { Gamma = cfg.Number("gamma", 2), Alpha = cfg.Number("alpha", 0.25) }, reduction),
        ["IoULoss"] = (_, reduction) => new IoULoss(reduction: reduction),
        ["GIoULoss"] = (_, reduction) => new GIoULoss(reduction: reduction),
        ["DIoULoss"] = (_, reduction) => new DIoULoss(reduction: reduction),
        ["CIoULoss"] = (_, reduction) => new CIoULoss(reduction: reduction),
        ["QualityFocalLoss"] = (cfg, reduction) => new QualityFocalLoss(cfg.Number("beta", 2), reduction),
        ["DistributionFocalLoss"] = (_, reduction) => new DistributionFocalLoss(reduction),
        ["VarifocalLoss"] = (cfg, reduction) => new VarifocalLoss(
            new()
            {
                Alpha = cfg.Number("alpha", 0.75),
                Gamma = cfg.Number("gamma", 2),
                IoUWeighted = cfg.Flag("iou_weighted", true),
            },
            reduction),
        ["BalancedL1Loss"] = (cfg, reduction) => new BalancedL1Loss(
            new() { Alpha = cfg.Number("alpha", 0.5), Beta = cfg.Number("beta", 1), Gamma = cfg.Number("gamma", 1.5) },
            reduction),
        ["GHMC"] = (cfg, reduction) => new GhmClassLoss(Ghm(cfg, reduction)),
        ["GHMR"] = (cfg, reduction) => new GhmBoxLoss(cfg.Number("mu", 0.02), Ghm(cfg, reduction)),
        ["BoundedIoULoss"] = (_, reduction) => new BoundedIoULoss(reduction: reduction),
    };

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, [.. Losses.Keys]);

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    public void Forward_Recorded_LossAndGradientAreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var cfg = golden.Options.GetProperty("cfg");
        var kwargs = golden.Options.GetProperty("kwargs");
        var loss = Losses[golden.Op](cfg, new WeightedReduction
        {
            Reduction = Enum.Parse<Reduction>(cfg.Text("reduction", "mean"), ignoreCase: true),
            LossWeight = cfg.Number("loss_weight", 1),
        });
        var prediction = golden.FloatInput("pred_0");
        prediction.RequiresGrad = true;
        double? average = kwargs.TryGetProperty("avg_factor", out var factor) ? factor.GetDouble() : null;

        var weight = golden.OptionalInput("weight") ?? golden.OptionalInput("label_weight");
        var value = loss.Forward(prediction, Target(golden), weight, average);
        value.Sum().Backward();

        // Some float32 operations in another order; logarithms and exponentials of other libraries (2 units).
        golden.AssertOutput("loss", value, 1e-6, 3e-6);
        golden.AssertOutput("grad_0", prediction.Grad!, 1e-6, 2e-5);
        foreach (var entry in (loss as IStatefulLoss)?.State.StateDict() ?? [])
        {
            golden.AssertOutput($"buf_{entry.Name}", entry.Tensor, 1e-6, 1e-6);
        }
    }

    private static GhmOptions Ghm(JsonElement cfg, WeightedReduction reduction) => new()
    {
        Bins = (int)cfg.Number("bins"),
        Momentum = cfg.Number("momentum"),
        LossWeight = reduction.LossWeight,
    };

    // Labels are integers; targets and the labels of "bce_full" are numbers per element. Quality stands beside labels.
    private static LossTarget Target(GoldenCase golden) => new(Value(golden), golden.OptionalInput("score"));

    private static Tensor Value(GoldenCase golden)
    {
        var name = golden.Inputs.Contains("target") ? "target" : "label";
        return golden.File.Tensor(golden.In(name)).Type == ScalarType.Float32
            ? golden.FloatInput(name)
            : golden.IntegerInput(name);
    }
}
