using System.Globalization;

using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>Tells what broke when a loss is not a finite number.</summary>
internal static class NonFiniteLoss
{
    /// <summary>The first term, and in it the first level, that is not finite; the images; and what to do.</summary>
    internal static TrainingException Explain(Runner runner, LossTerms losses, Batch batch)
    {
        var images = string.Join(", ", batch.Infos.Select(info => info.FileName));
        var last = runner.LastCheckpoint is { } path
            ? $"The last good checkpoint is {path}."
            : "No checkpoint was written yet.";
        return new TrainingException(
            $"Training: every loss must be finite, found {FirstTerm(losses)} at epoch {runner.Epoch + 1}, "
            + $"iteration {runner.InnerIteration + 1} of {runner.EpochLength} ({runner.Iteration + 1} in all), images: {images}. "
            + $"{last} Look at these images' annotations, lower the learning rate, lengthen the warm-up, or clip gradients "
            + "with optimizer_config=dict(grad_clip=dict(max_norm=35, norm_type=2)).");
    }

    private static string FirstTerm(LossTerms losses)
    {
        foreach (var term in losses)
        {
            for (var level = 0; level < term.Values.Length; level++)
            {
                using var mean = term.Values[level].Mean();
                var value = mean.Item();
                if (!double.IsFinite(value))
                {
                    var place = term.Values.Length > 1 ? $" (level {level})" : "";
                    return string.Create(CultureInfo.InvariantCulture, $"{term.Name}{place} = {value}");
                }
            }
        }

        return "their sum";
    }
}
