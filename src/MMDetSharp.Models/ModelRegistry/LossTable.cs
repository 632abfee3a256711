using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Losses;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The losses by their names in configs.</summary>
internal static class LossTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static Registry<ILoss> Losses { get; } = new("loss", new()
    {
        ["DistributionFocalLoss"] = DistributionFocalLoss.FromConfig,
        ["QualityFocalLoss"] = QualityFocalLoss.FromConfig,
        ["VarifocalLoss"] = VarifocalLoss.FromConfig,
        ["FocalLoss"] = FocalLoss.FromConfig,
        ["CrossEntropyLoss"] = CrossEntropyLoss.FromConfig,
        ["SmoothL1Loss"] = SmoothL1Loss.FromConfig,
        ["GHMC"] = GhmClassLoss.FromConfig,
        ["GHMR"] = GhmBoxLoss.FromConfig,
        ["BalancedL1Loss"] = BalancedL1Loss.FromConfig,
        ["L1Loss"] = L1Loss.FromConfig,
        ["MSELoss"] = MseLoss.FromConfig,
        ["IoULoss"] = IoULoss.FromConfig,
        ["GIoULoss"] = GIoULoss.FromConfig,
        ["DIoULoss"] = DIoULoss.FromConfig,
        ["CIoULoss"] = CIoULoss.FromConfig,
        ["BoundedIoULoss"] = BoundedIoULoss.FromConfig,
    });
}
