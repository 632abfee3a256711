using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Assigners;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The assigners, and the calculators of overlaps that they use, by their names in configs.</summary>
internal static class AssignerTable
{
    /// <summary>The assigners.</summary>
    internal static Registry<IAssigner> Assigners { get; } = new("assigner", new()
    {
        ["MaxIoUAssigner"] = MaxIoU,
    });

    /// <summary>The calculators.</summary>
    internal static Registry<IIoUCalculator> IoUCalculators { get; } = new("IoU calculator", new()
    {
        ["BboxOverlaps2D"] = _ => new BBoxOverlaps2D(),
    });

    private static MaxIoUAssigner MaxIoU(ConfigReader reader)
    {
        // The assigner always works on the processor and has its own arithmetic of upright boxes.
        reader.Ignore("gpu_assign_thr");
        if (reader.NodeOrNull("iou_calculator") is { } calculator)
        {
            IoUCalculators.Build(calculator);
        }

        var defaults = new MaxIoUAssignerOptions
        {
            PositiveIoU = reader.Float("pos_iou_thr"),
            NegativeIoU = Negative(reader),
        };
        return new MaxIoUAssigner(defaults with
        {
            MinPositiveIoU = reader.Float("min_pos_iou", defaults.MinPositiveIoU),
            AssignAllBest = reader.Bool("gt_max_assign_all", defaults.AssignAllBest),
            IgnoreIoF = reader.Float("ignore_iof_thr", defaults.IgnoreIoF),
            IgnoreRelativeToCandidates = reader.Bool("ignore_wrt_candidates", defaults.IgnoreRelativeToCandidates),
            MatchLowQuality = reader.Bool("match_low_quality", defaults.MatchLowQuality),
        });
    }

    private static (double From, double To) Negative(ConfigReader reader) =>
        reader.FloatsOrOne("neg_iou_thr") switch
        {
            [var to] => (0, to),
            [var from, var to] => (from, to),
            _ => throw reader.Error("neg_iou_thr", "must be a number, or a pair (from, to). Set it to 0.4, for instance."),
        };
}
