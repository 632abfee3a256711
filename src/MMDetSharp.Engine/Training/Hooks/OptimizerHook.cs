using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>How far gradients are shrunk together.</summary>
/// <param name="MaxNorm">The largest norm of all gradients as one vector.</param>
/// <param name="NormType">The p of the norm; infinity for the largest magnitude.</param>
internal sealed record ClipOptions(double MaxNorm, double NormType = 2)
{
    /// <summary>From the <c>grad_clip</c> of a config's <c>optimizer_config</c>; null for none.</summary>
    internal static ClipOptions? FromConfig(ConfigReader reader) =>
        reader.NodeOrNull("grad_clip") is { } clip && clip.Source.Count > 0
            ? new ClipOptions(clip.Float("max_norm"), Norm(clip))
            : null;

    private static double Norm(ConfigReader reader) =>
        reader.RawOrNull("norm_type") is ConfigScalar { Content: string } && reader.Choice("norm_type", "inf") == "inf"
            ? double.PositiveInfinity
            : reader.Float("norm_type", 2);
}

/// <summary>Gradients of the losses, clipped when that is asked for, and the optimizer's step.</summary>
internal sealed class OptimizerHook(ClipOptions? clip) : Hook
{
    /// <summary>From a config's <c>optimizer_config</c>.</summary>
    internal static OptimizerHook FromConfig(ConfigReader reader) => new(ClipOptions.FromConfig(reader));

    /// <inheritdoc/>
    public override void AfterTrainIteration(Runner runner)
    {
        runner.Optimizer.ZeroGrad();
        using (var scope = TensorScope.Begin())
        {
            runner.Losses!.Total().Backward();
        }

        // After the backward pass was queued, so that a GPU is not kept waiting; before the step, so that a broken loss
        // never reaches the weights.
        var images = runner.ImagesPerIteration;
        runner.ReadLosses();
        if (clip is not null)
        {
            var norm = GradientClip.ByNorm(runner.Model.NamedParameters(), clip.MaxNorm, clip.NormType);
            runner.LogBuffer.Update("grad_norm", norm, images);
        }

        runner.Optimizer.Step();
        runner.CountStep();
        runner.Log.Progress.Update(runner.Report());
    }
}
