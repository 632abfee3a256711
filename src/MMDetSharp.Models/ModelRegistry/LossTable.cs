using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Losses;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The losses by their names in configs.</summary>
internal static class LossTable
{
    /// <summary>The table.</summary>
    internal static Registry<ILoss> Losses { get; } = new("loss", new()
    {
        ["FocalLoss"] = Focal,
        ["CrossEntropyLoss"] = CrossEntropy,
        ["SmoothL1Loss"] = reader => new SmoothL1Loss(reader.Float("beta", 1), Reduction(reader)),
        ["L1Loss"] = reader => new L1Loss(Reduction(reader)),
        ["MSELoss"] = reader => new MseLoss(Reduction(reader)),
        ["IoULoss"] = reader => new IoULoss(reader.Float("eps", 1e-6), Reduction(reader)),
        ["GIoULoss"] = reader => new GIoULoss(reader.Float("eps", 1e-6), Reduction(reader)),
        ["DIoULoss"] = reader => new DIoULoss(reader.Float("eps", 1e-6), Reduction(reader)),
        ["CIoULoss"] = reader => new CIoULoss(reader.Float("eps", 1e-6), Reduction(reader)),
        ["BoundedIoULoss"] = reader => new BoundedIoULoss(
            reader.Float("beta", 0.2), reader.Float("eps", 1e-3), Reduction(reader)),
    });

    private static FocalLoss Focal(ConfigReader reader)
    {
        if (!reader.Bool("use_sigmoid", true))
        {
            throw reader.Error("use_sigmoid", "must be True: focal loss works on sigmoids. Remove it or set it to True.");
        }

        var defaults = new FocalLossOptions();
        return new FocalLoss(
            new() { Gamma = reader.Float("gamma", defaults.Gamma), Alpha = reader.Float("alpha", defaults.Alpha) },
            Reduction(reader));
    }

    private static CrossEntropyLoss CrossEntropy(ConfigReader reader)
    {
        var (sigmoid, mask) = (reader.Bool("use_sigmoid", false), reader.Bool("use_mask", false));
        if (sigmoid && mask)
        {
            throw reader.Error("use_mask", "must be False where use_sigmoid is True. Remove one of them.");
        }

        var mode = sigmoid ? CrossEntropyMode.Sigmoid : mask ? CrossEntropyMode.Mask : CrossEntropyMode.Softmax;
        var weights = reader.FloatsOrNull("class_weight");
        return new CrossEntropyLoss(
            mode, weights is null ? null : Array.ConvertAll(weights, weight => (float)weight), Reduction(reader));
    }

    private static WeightedReduction Reduction(ConfigReader reader) => new()
    {
        Reduction = reader.ChoiceOr("reduction", "mean", "mean", "sum", "none") switch
        {
            "mean" => global::MMDetSharp.Models.Losses.Reduction.Mean,
            "sum" => global::MMDetSharp.Models.Losses.Reduction.Sum,
            _ => global::MMDetSharp.Models.Losses.Reduction.None,
        },
        LossWeight = reader.Float("loss_weight", 1),
    };
}
